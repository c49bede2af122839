package cef

import (
	"strconv"

	"siemdrill/agent/internal/cas"
)

// AppendLine appends the line of r to dst, without a newline at its end. It
// keeps neither dst nor r and allocates only when dst is too small.
func (l Layout) AppendLine(dst []byte, r *cas.Record) []byte {
	dst = l.appendHeader(dst, r)
	if r.Type == cas.Alert {
		return l.appendAlert(dst, r)
	}
	return l.appendActivity(dst, r)
}

func (l Layout) appendHeader(dst []byte, r *cas.Record) []byte {
	if l.IncludePRI {
		dst = appendPRI(dst, r.Severity)
	}
	dst = appendTime(dst, l.TimeFormat, r.Timestamp)
	dst = append(dst, ' ')
	if l.SystemName != "" {
		dst = appendSystemName(dst, l.SystemName)
		dst = append(dst, ' ')
	}
	version := l.Version
	if version == "" {
		version = DefaultVersion
	}
	dst = append(dst, "CEF:0|MCAS|SIEM_Agent|"...)
	dst = appendHeaderValue(dst, version)
	dst = append(dst, '|')
	dst = appendHeaderValue(dst, r.Class)
	dst = append(dst, '|')
	dst = appendHeaderValue(dst, r.Name)
	dst = append(dst, '|')
	dst = append(dst, severityDigit(r)...)
	return append(dst, '|')
}

// severityDigit returns the header's SEVERITY. Activities are documented to
// have 0, and the printed alerts have 3. CEF calls 0 to 3 low, 4 to 6 medium
// and 7 to 8 high; the highest of each is ours to choose.
func severityDigit(r *cas.Record) string {
	if r.Type != cas.Alert {
		return "0"
	}
	switch r.Severity {
	case cas.Low:
		return "3"
	case cas.Medium:
		return "6"
	case cas.High:
		return "8"
	}
	return "0"
}

func (l Layout) appendActivity(dst []byte, r *cas.Record) []byte {
	dst = appendField(dst, "externalId=", r.ID)
	dst = appendMilliseconds(dst, " rt=", r.Timestamp)
	dst = appendMilliseconds(dst, " start=", r.Timestamp)
	dst = appendMilliseconds(dst, " end=", r.Timestamp)
	dst = appendField(dst, " msg=", r.Description)
	dst = appendField(dst, " suser=", r.User)
	dst = appendField(dst, " destinationServiceName=", r.Service)
	dst = appendField(dst, " dvc=", r.IPv4)
	dst = appendField(dst, " requestClientApplication=", r.UserAgent)
	dst = appendField(dst, " cs1Label=portalURL cs1=", l.Portal)
	dst = append(dst, `/audits?activity.id\=eq(`...)
	dst = appendValue(dst, r.ID)
	dst = append(dst, ",)"...)
	dst = appendList(dst, " cs2Label=uniqueServiceAppIds cs2=", r.Apps)
	dst = appendList(dst, " cs3Label=targetObjects cs3=", r.Targets)
	dst = appendList(dst, " cs4Label=policyIDs cs4=", r.Policies)
	return appendField(dst, ` c6a1Label="Device IPv6 Address" c6a1=`, r.IPv6)
}

func (l Layout) appendAlert(dst []byte, r *cas.Record) []byte {
	dst = appendField(dst, "externalId=", r.ID)
	dst = appendMilliseconds(dst, " start=", r.Timestamp)
	dst = appendMilliseconds(dst, " end=", r.Timestamp)
	dst = appendField(dst, " msg=", r.Description)
	dst = appendField(dst, " suser=", r.User)
	dst = appendField(dst, " destinationServiceName=", r.Service)
	if r.IPv4 != "" {
		dst = appendField(dst, " src=", r.IPv4)
	}
	dst = appendField(dst, " cn1Label=riskScore cn1=", r.Risk)
	dst = appendField(dst, " cs1Label=portalURL cs1=", l.Portal)
	dst = append(dst, "/alerts/"...)
	dst = appendValue(dst, r.ID)
	dst = appendList(dst, " cs2Label=uniqueServiceAppIds cs2=", r.Apps)
	dst = appendList(dst, " cs3Label=relatedAudits cs3=", r.Audits)
	dst = appendList(dst, " cs4Label=policyIDs cs4=", r.Policies)
	if r.IPv6 != "" {
		dst = appendField(dst, ` c6a1Label="Device IPv6 Address" c6a1=`, r.IPv6)
	}
	return dst
}

func appendField(dst []byte, key, value string) []byte {
	return appendValue(append(dst, key...), value)
}

// appendList joins with commas; CEF has no way to escape one inside an item.
func appendList(dst []byte, key string, items []string) []byte {
	dst = append(dst, key...)
	for i, item := range items {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendValue(dst, item)
	}
	return dst
}

func appendMilliseconds(dst []byte, key string, ms int64) []byte {
	return strconv.AppendInt(append(dst, key...), ms, 10)
}
