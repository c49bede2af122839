package cef

import (
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"siemdrill/agent/console"
	"siemdrill/agent/internal/cas"
)

func lineOf(l Layout, r cas.Record) string { return string(l.AppendLine(nil, &r)) }

func TestHeader(t *testing.T) {
	at := cas.Record{Type: cas.Activity, Timestamp: 1677791402022, Class: "C", Name: "N"}
	for _, test := range []struct {
		name   string
		layout Layout
		begins string
	}{
		{"zero value", Layout{}, "2023-03-02T21:10:02.022Z CEF:0|MCAS|SIEM_Agent|0.112.68|C|N|0|externalId="},
		{"RFC 5424", Layout{TimeFormat: console.RFC5424}, "2023-03-02T21:10:02.022Z CEF:0|"},
		{"RFC 3164", Layout{TimeFormat: console.RFC3164}, "Mar 02 21:10:02 CEF:0|"},
		{"RFC 3164 with year", Layout{TimeFormat: console.RFC3164WithYear}, "Mar 02 2023 21:10:02 CEF:0|"},
		{"PRI", Layout{IncludePRI: true}, "<134>2023-03-02T21:10:02.022Z CEF:0|"},
		{"system name", Layout{SystemName: "host1"}, "2023-03-02T21:10:02.022Z host1 CEF:0|"},
		{"system name that is none", Layout{SystemName: "my host\n"}, "2023-03-02T21:10:02.022Z my-host- CEF:0|"},
		{"version", Layout{Version: "1|2"}, `2023-03-02T21:10:02.022Z CEF:0|MCAS|SIEM_Agent|1\|2|C|`},
		{"ArcSight is the same", Layout{Format: console.ArcSight, IncludePRI: true, SystemName: "h"}, "<134>2023-03-02T21:10:02.022Z h CEF:0|MCAS|"},
	} {
		t.Run(test.name, func(t *testing.T) {
			NewWithT(t).Expect(lineOf(test.layout, at)).To(HavePrefix(test.begins))
		})
	}
}

func TestSeverity(t *testing.T) {
	for _, test := range []struct {
		record cas.Record
		pri    string
		digit  string
	}{
		{cas.Record{Type: cas.Activity}, "<134>", "|0|"},
		{cas.Record{Type: cas.Alert, Severity: cas.Informational}, "<134>", "|0|"},
		{cas.Record{Type: cas.Alert, Severity: cas.Low}, "<133>", "|3|"},
		{cas.Record{Type: cas.Alert, Severity: cas.Medium}, "<132>", "|6|"},
		{cas.Record{Type: cas.Alert, Severity: cas.High}, "<131>", "|8|"},
	} {
		line := lineOf(Layout{IncludePRI: true}, test.record)
		NewWithT(t).Expect(line).To(And(HavePrefix(test.pri), ContainSubstring(test.digit+"externalId=")))
	}
}

func TestAddresses(t *testing.T) {
	g := NewWithT(t)
	g.Expect(lineOf(Layout{}, cas.Record{Type: cas.Activity, IPv6: "2001:db8::1"})).
		To(And(ContainSubstring(" dvc= requestClientApplication="), HaveSuffix(` c6a1Label="Device IPv6 Address" c6a1=2001:db8::1`)))
	g.Expect(lineOf(Layout{}, cas.Record{Type: cas.Alert, IPv4: "192.0.2.1", IPv6: "2001:db8::1", Risk: "34"})).
		To(And(ContainSubstring(" destinationServiceName= src=192.0.2.1 cn1Label=riskScore cn1=34 cs1Label="),
			HaveSuffix(` cs4= c6a1Label="Device IPv6 Address" c6a1=2001:db8::1`)))
}

func TestEscaping(t *testing.T) {
	for _, test := range []struct{ name, in, inHeader, inExtension string }{
		{"pipe", "a|b", `a\|b`, `a|b`},
		{"backslash", `DOMAIN\user`, `DOMAIN\\user`, `DOMAIN\\user`},
		{"equals", "a=b", `a=b`, `a\=b`},
		{"line ends", "a\nb\r\nc", "a b  c", `a\nb\r\nc`},
		{"other controls", "a\x00b\tc\x7fd\u0085e\u2028f", "a b c d e f", "a b c d e f"},
		{"UTF-8", "Zoë 佐藤 🚒", "Zoë 佐藤 🚒", "Zoë 佐藤 🚒"},
		{"not UTF-8", "a\xffb\xc3", "a\uFFFDb\uFFFD", "a\uFFFDb\uFFFD"},
		{"U+FFFD itself", "\uFFFD", "\uFFFD", "\uFFFD"},
		{"already escaped", `a\=b`, `a\\=b`, `a\\\=b`},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := NewWithT(t)
			g.Expect(string(appendHeaderValue(nil, test.in))).To(Equal(test.inHeader))
			g.Expect(string(appendValue(nil, test.in))).To(Equal(test.inExtension))
		})
	}
}

func TestAppendLineKeepsWhatIsThere(t *testing.T) {
	g := NewWithT(t)
	g.Expect(string(Layout{}.AppendLine([]byte("before "), &cas.Record{}))).To(HavePrefix("before 1970-01-01T00:00:00.000Z CEF:0|"))
}

func TestALineNeedsNoAllocation(t *testing.T) {
	p := printed[4]
	p.layout.IncludePRI = true
	p.record.Description = strings.Repeat(`odd = \ and`+"\n", 10)
	buffer := make([]byte, 0, 4096)
	NewWithT(t).Expect(testing.AllocsPerRun(100, func() { buffer = p.layout.AppendLine(buffer[:0], &p.record) })).To(BeZero())
}

func BenchmarkAppendLine(b *testing.B) {
	p := printed[4]
	buffer := make([]byte, 0, 4096)
	b.ReportAllocs()
	for b.Loop() {
		buffer = p.layout.AppendLine(buffer[:0], &p.record)
	}
	b.SetBytes(int64(len(buffer)))
}
