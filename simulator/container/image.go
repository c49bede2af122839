package container

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
	"github.com/moby/moby/client/pkg/jsonmessage"
)

// registry is that of the images' names: one that can't exist, so that nothing
// can be pulled by accident.
const registry = "siemdrill.invalid/"

// image is one static program and nothing else. Its bytes follow from the
// program alone, and so does its tag.
type image struct {
	program string // its name
	binary  []byte
	arch    string
}

// begin is the time of every file, so that equal images have equal bytes.
var begin = time.Unix(0, 0).UTC()

// nobody is the user that programs run as; the folder /data is theirs.
const nobody = 65532

// member is a file or, if it has no content, a folder of an image.
type member struct {
	name    string
	mode    int64
	owner   int
	content []byte
}

// layer is the file system of the image.
func (im image) layer() []byte {
	return archive(
		member{"bin/", 0o755, 0, nil},
		member{"data/", 0o750, nobody, nil},
		member{"etc/", 0o755, 0, nil},
		member{"etc/passwd", 0o644, 0, []byte("nobody:x:65532:65532::/data:/sbin/nologin\n")},
		member{"tmp/", 0o1777, 0, nil},
		member{"bin/" + im.program, 0o755, 0, im.binary},
	)
}

func archive(members ...member) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, m := range members {
		kind := byte(tar.TypeReg)
		if m.content == nil {
			kind = tar.TypeDir
		}
		err := w.WriteHeader(&tar.Header{Typeflag: kind, Name: m.name, Mode: m.mode, Uid: m.owner, Gid: m.owner,
			Size: int64(len(m.content)), ModTime: begin})
		if err == nil {
			_, err = w.Write(m.content)
		}
		if err != nil {
			panic(err) // names are short, and memory doesn't fail
		}
	}
	w.Close()
	return b.Bytes()
}

// export is the image as every engine since Docker 1.10 loads it, and its tag:
// the digest of its configuration.
func (im image) export() (file []byte, tag string) {
	layer := im.layer()
	id := digest(layer)
	config := mustJSON(map[string]any{
		"architecture": im.arch,
		"os":           "linux",
		"created":      begin.Format(time.RFC3339),
		"config": map[string]any{
			"Entrypoint": []string{"/bin/" + im.program},
			"Env":        []string{"HOME=/data"},
			"WorkingDir": "/data",
			"User":       fmt.Sprintf("%d:%d", nobody, nobody),
			"Labels":     map[string]string{labelOwner: "image"},
		},
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{"sha256:" + id}},
	})
	name := digest(config)
	tag = registry + im.program + ":" + name[:16]
	manifest := mustJSON([]map[string]any{{"Config": name + ".json", "RepoTags": []string{tag}, "Layers": []string{id + "/layer.tar"}}})
	return archive(
		member{id + "/layer.tar", 0o644, 0, layer},
		member{name + ".json", 0o644, 0, config},
		member{"manifest.json", 0o644, 0, manifest},
	), tag
}

// load gives the image to the engine, unless it has it, and returns its tag.
func (e *engine) load(ctx context.Context, im image) (tag string, err error) {
	file, tag := im.export()
	if _, err := e.client.ImageInspect(ctx, tag); !errdefs.IsNotFound(err) {
		return tag, err
	}
	answer, err := e.client.ImageLoad(ctx, bytes.NewReader(file), client.ImageLoadWithQuiet(true))
	if err != nil {
		return "", fmt.Errorf("load %s: %w", tag, err)
	}
	defer answer.Close()
	// What went wrong stands in the answer, whose status is 200 all the same.
	if err := jsonmessage.DisplayStream(answer, io.Discard); err != nil {
		return "", fmt.Errorf("load %s: %w", tag, err)
	}
	if _, err := e.client.ImageInspect(ctx, tag); err != nil {
		return "", fmt.Errorf("%s is not there after it was loaded: %w", tag, err)
	}
	return tag, nil
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and maps of them
	}
	return b
}
