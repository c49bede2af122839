# An image with the simulator and, beside it, the agent that it loads; nothing
# else. "make image-simulator" builds it without a registry: the build context is
# a folder with the two static binaries, and in its folder "root" an empty "tmp".
FROM scratch
# /tmp is for the files of a run; everything else may be read-only.
COPY root /
COPY siem-agent simulator /
USER 65532:65532
ENTRYPOINT ["/simulator"]
