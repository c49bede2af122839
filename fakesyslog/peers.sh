#!/bin/sh
# Makes the peers of peers_test.go available on Debian: logger is there, loggen
# and syslog-ng are installed, and rsyslog, which conflicts with syslog-ng as a
# package, is unpacked into the folder that SIEMDRILL_RSYSLOG then names.
set -e
folder=${1:?usage: peers.sh FOLDER}
apt-get install -y syslog-ng-core
mkdir -p "$folder"
cd "$folder"
apt-get download rsyslog rsyslog-openssl libestr0 libfastjson4 liblognorm5
for package in *.deb; do dpkg-deb -x "$package" .; done
echo "export SIEMDRILL_RSYSLOG=$folder"
