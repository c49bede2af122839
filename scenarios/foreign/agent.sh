#!/bin/bash
# A trivial agent: bash, curl and jq. It makes contact, pulls the activities that
# are newer than the newest that it has seen, and writes them to the receiver.
# It believes a write that succeeded, and keeps its place in memory: see what
# that costs it in docs/test-your-own-agent.md.
trap 'exit 0' TERM
cd "$SIEMDRILL_DIRECTORY" || exit
receiver=/dev/tcp/${SIEMDRILL_RECEIVER%:*}/${SIEMDRILL_RECEIVER##*:}

ask() { # PATH BODY
	curl --silent --show-error --fail --max-time 10 --cacert "$SIEMDRILL_CA" ${SIEMDRILL_PROXY:+--proxy "$SIEMDRILL_PROXY"} \
		--header "Authorization: Token $SIEMDRILL_TOKEN" --json "$2" "$SIEMDRILL_SERVICE$1"
}

# One line of CEF for each activity of a page.
lines() {
	jq --raw-output '
		def header: tostring | gsub("\\\\"; "\\\\") | gsub("\\|"; "\\|") | gsub("[[:cntrl:]]"; " ");
		def value: tostring | gsub("\\\\"; "\\\\") | gsub("="; "\\=") | gsub("\n"; "\\n") | gsub("\r"; "\\r") | gsub("[[:cntrl:]]"; " ");
		.data[] | "<134>" + (.timestamp / 1000 | strftime("%Y-%m-%dT%H:%M:%SZ")) +
		" CEF:0|MCAS|SIEM_Agent|0.1|\(.eventTypeName | header)|\(.eventTypeName | header)|0|externalId=\(._id | value)" +
		" rt=\(.timestamp) start=\(.timestamp) end=\(.timestamp) msg=\(.description | value)" +
		" suser=\(.user.userName // "" | value) destinationServiceName=\(.appName // "" | value)"'
}

from=$((($(date +%s) - 2 * 24 * 3600) * 1000)) # as documented: two days at first
while true; do
	ask /siemdrill/v1/contact '{"version": "sh", "machine": "sh", "notifications": []}' >/dev/null
	filters="{\"created\": {\"gte\": $from}}"
	while [ -n "$filters" ]; do
		page=$(ask /api/v1/activities/ "{\"filters\": $filters, \"isScan\": true, \"limit\": 5000, \"sortField\": \"created\", \"sortDirection\": \"asc\"}") || break
		lines <<<"$page" >page.cef
		if [ -s page.cef ]; then cat page.cef >"$receiver" || break; fi
		from=$(jq --argjson from "$from" '[.data[].created + 1, $from] | max' <<<"$page")
		filters=$(jq --compact-output 'if .hasNext then .nextQueryFilters else empty end' <<<"$page")
	done
	sleep 2 & wait $! # so that TERM ends it at once
done
