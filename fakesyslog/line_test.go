package fakesyslog

import (
	"os"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// documented are the lines that the vendor prints.
func documented(t testing.TB) []string {
	b, err := os.ReadFile("testdata/documented-lines.txt")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimRight(string(b), "\n"), "\n")
}

func TestDocumentedLinesHaveNoDeviation(t *testing.T) {
	g := NewWithT(t)
	lines := documented(t)
	g.Expect(lines).To(HaveLen(7))
	for _, line := range lines {
		g.Expect(ParseLine([]byte(line)).Deviations).To(BeEmpty(), line)
		g.Expect(ParseLine([]byte("<14>"+line)).Deviations).To(BeEmpty(), line)
	}
}

func TestFieldsOfADocumentedLine(t *testing.T) {
	g := NewWithT(t)
	l := ParseLine([]byte("<109>" + documented(t)[4]))
	g.Expect(l.PRI).To(Equal(109))
	g.Expect(l.Stamp.Time(time.Time{})).To(Equal(time.Date(2017, 11, 28, 19, 24, 55, 0, time.UTC)))
	g.Expect(string(l.System)).To(Equal("LAB-EUW-ARCTEST"))
	g.Expect(string(l.ID())).To(Equal("1511897117617_5be018ee-f676-4473-a9b5-5982527409be"))
	g.Expect(string(l.CEF.Class)).To(Equal("EVENT_CATEGORY_DELETE_OBJECT"))
	g.Expect(l.CEF.Title()).To(Equal("Delete object"))
	for key, want := range map[string]string{
		"cs1":       "https://contoso.portal.cloudappsecurity.com/#/audits?activity.id=eq(1511897117617_5be018ee-f676-4473-a9b5-5982527409be,)",
		"cs3":       ",,admin@contoso.com,admin@contoso.com,admin@contoso.com",
		"c6a1Label": `"Device IPv6 Address"`,
		"c6a1":      "",
		"msg":       "Delete object: ServiceNow Object b1709c40db360300906ff34ebf961923",
	} {
		value, there := l.CEF.Value(key)
		g.Expect(there).To(BeTrue(), key)
		g.Expect(value).To(Equal(want), key)
	}
	_, there := l.CEF.Value("src")
	g.Expect(there).To(BeFalse())
}

func TestTimeFormats(t *testing.T) {
	near := time.Date(2024, 1, 1, 0, 30, 0, 0, time.UTC)
	for _, c := range []struct {
		text   string
		format TimeFormat
		want   time.Time
	}{
		{"2023-03-02T21:10:02.022Z", RFC5424, time.Date(2023, 3, 2, 21, 10, 2, 22e6, time.UTC)},
		{"2023-03-02T21:10:02Z", RFC5424, time.Date(2023, 3, 2, 21, 10, 2, 0, time.UTC)},
		{"2023-03-02T21:10:02.000003+02:00", RFC5424, time.Date(2023, 3, 2, 19, 10, 2, 3000, time.UTC)},
		{"2024-02-29T00:00:00Z", RFC5424, time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)},
		{"Mar 02 2023 21:10:02", RFC3164Year, time.Date(2023, 3, 2, 21, 10, 2, 0, time.UTC)},
		{"Mar 02 21:10:02", RFC3164, time.Date(2024, 3, 2, 21, 10, 2, 0, time.UTC)},
		{"Mar  2 21:10:02", RFC3164, time.Date(2024, 3, 2, 21, 10, 2, 0, time.UTC)},
		{"Dec 31 23:59:59", RFC3164, time.Date(2023, 12, 31, 23, 59, 59, 0, time.UTC)}, // the year before is nearer
	} {
		t.Run(c.text, func(t *testing.T) {
			g := NewWithT(t)
			stamp, n := readStamp([]byte(c.text + " x"))
			g.Expect(n).To(Equal(len(c.text)))
			g.Expect(stamp.Format).To(Equal(c.format))
			g.Expect(stamp.Time(near)).To(Equal(c.want))
		})
	}
	for _, wrong := range []string{"", "2", "2023-03-02 21:10:02Z", "2023-02-29T00:00:00Z", "2023-13-01T00:00:00Z",
		"2023-03-02T24:00:00Z", "2023-03-02T21:10:60Z", "2023-03-02T21:10:02", "2023-03-02T21:10:02.Z",
		"2023-03-02T21:10:02.0000001Z", "2023-03-02T21:10:02+25:00", "Mrz 02 21:10:02", "Mar 32 21:10:02", "Mar 02 21-10-02",
		"Feb 29 2023 00:00:00"} {
		_, n := readStamp([]byte(wrong))
		NewWithT(t).Expect(n).To(BeZero(), wrong)
	}
}

const goodLine = `2023-03-02T21:10:02.022Z CEF:0|MCAS|SIEM_Agent|0.1|EVENT_CATEGORY_LOGIN|Log on|0|externalId=1_a start=1 end=1 msg=Log on suser=a@b destinationServiceName=Box`

func TestDeviationsAreNamedWithTheirOffset(t *testing.T) {
	swap := func(old, new string) string { return strings.Replace(goodLine, old, new, 1) }
	add := func(s string) string { return goodLine + " " + s }
	at := func(s string) int { return strings.Index(goodLine, s) }
	NewWithT(t).Expect(ParseLine([]byte(goodLine)).Deviations).To(BeEmpty())
	for _, c := range []struct {
		name, line string
		offset     int
		what       string
	}{
		{"nothing", "", 0, "an empty message"},
		{"PRI too large", "<192>" + goodLine, 1, `PRI "192": expected 0 to 191`},
		{"PRI with a leading zero", "<01>" + goodLine, 1, "without leading zeros"},
		{"PRI without an end", "<1" + goodLine, 0, "a PRI that does not end"},
		{"no time", goodLine[25:], 0, "no time of a documented format"},
		{"two spaces after the time", swap(" CEF", "  CEF"), 25, "expected one system name"},
		{"two words for a system name", swap("CEF", "my host CEF"), 25, `"my host " before the CEF part`},
		{"no CEF", "2023-03-02T21:10:02.022Z hello", 25, "no CEF part"},
		{"another vendor", swap("MCAS", "ACME"), at("MCAS"), `vendor is "ACME": expected "MCAS"`},
		{"CEF version 1", swap("CEF:0", "CEF:1"), at("0|MCAS"), `version is "1"`},
		{"empty name", swap("|Log on|", "||"), at("Log on|"), "CEF name is empty"},
		{"severity 11", swap("|0|ext", "|11|ext"), at("0|ext"), `severity is "11": expected 0 to 10`},
		{"a wrong escape in the header", swap("|Log on|", `|Log\=on|`), at("Log on|") + 3, "in the CEF header that escapes neither"},
		{"header too short", "2023-03-02T21:10:02.022Z CEF:0|MCAS|x", at("SIEM"), "ends before its product"},
		{"no extension", goodLine[:at("externalId")], at("externalId"), "no extension"},
		{"an extension that is none", goodLine[:at("externalId")] + "hello", at("externalId"), "without key=value"},
		{"an = that is not escaped", swap("msg=Log on", "msg=a=b"), at("msg=") + 5, "an = in the value of msg that is not escaped"},
		{"an = that looks like a key", swap("msg=Log on", "msg=is a=b"), at("msg=") + 7, `key "a" is not documented`},
		{"a wrong escape in a value", swap("msg=Log on", `msg=C:\temp`), at("msg=") + 6, "escapes none of"},
		{"a trailing backslash", add(`requestClientApplication=\`), len(goodLine) + 26, "escapes none of"},
		{"unknown key", add("colour=red"), len(goodLine) + 1, `key "colour" is not documented`},
		{"key twice", add("suser=c"), len(goodLine) + 1, "key suser a second time"},
		{"keys out of order", swap("start=1 end=1", "end=1 start=1"), at("start=1") + 6, "key start after end"},
		{"time that is none", swap("start=1", "start=now"), at("start=") + 6, "expected milliseconds"},
		{"no id", swap("externalId=1_a ", ""), len(goodLine) - len("externalId=1_a "), "no externalId"},
		{"empty id", swap("externalId=1_a", "externalId="), at("externalId=") + 11, "externalId is empty"},
		{"not an IPv4 address", add("dvc=::1"), len(goodLine) + 5, "expected an IPv4 address"},
		{"not an IPv6 address", add(`c6a1Label="Device IPv6 Address" c6a1=1.2.3.4`), len(goodLine) + 38, "expected an IPv6 address"},
		{"label not quoted", add("c6a1Label=Device IPv6 Address c6a1="), len(goodLine) + 11, "expected [\"\\\"Device"},
		{"value without its label", add("cs1=x"), len(goodLine) + 6, "cs1Label and cs1: one of the two is missing"},
		{"another label", add("cs1Label=url cs1=x"), len(goodLine) + 10, `cs1Label is "url"`},
		{"a line break inside", swap("Log on suser", "Log\non suser"), at("Log on suser") + 3, "control character 0x0a"},
		{"a delete character", swap("Log on suser", "Log\x7fon suser"), at("Log on suser") + 3, "control character 0x7f"},
		{"not UTF-8", swap("Log on suser", "Log\xffon suser"), at("Log on suser") + 3, "not UTF-8: byte 0xff"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := NewWithT(t)
			got := ParseLine([]byte(c.line)).Deviations
			g.Expect(got).To(HaveLen(1), "%v", got)
			g.Expect(got[0].Offset).To(Equal(c.offset), got[0].What)
			g.Expect(got[0].What).To(ContainSubstring(c.what))
		})
	}
}

func TestWhatIsNoDeviation(t *testing.T) {
	swap := func(old, new string) string { return strings.Replace(goodLine, old, new, 1) }
	for name, line := range map[string]string{
		"escapes in a value":          swap("msg=Log on", `msg=a\=b \\ c\nd\re | ''x''`),
		"escaped backslash before =":  swap("msg=Log on", `msg=a\\\=b`),
		"escapes in the header":       swap("|Log on|", `|a\|b\\c|`),
		"UTF-8":                       swap("msg=Log on", "msg=Größe 大きさ"),
		"system name":                 swap("CEF", "host.example CEF"),
		"PRI 0":                       "<0>" + goodLine,
		"PRI 191":                     "<191>" + goodLine,
		"empty value in the middle":   swap("suser=a@b", "suser="),
		"a value that ends in spaces": swap("suser=a@b", "suser=a@b "),
		"CEF: in a value":             swap("msg=Log on", "msg=CEF:0|x"),
		"addresses":                   goodLine + ` dvc=1.2.3.4 src=255.255.255.255 c6a1Label="Device IPv6 Address" c6a1=2001:db8::1`,
	} {
		NewWithT(t).Expect(ParseLine([]byte(line)).Deviations).To(BeEmpty(), name)
	}
}

func TestALineCanBeReused(t *testing.T) {
	g := NewWithT(t)
	var l Line
	l.Parse([]byte("<14>" + documented(t)[3]))
	l.Parse([]byte("nonsense"))
	g.Expect(l.PRI).To(Equal(-1))
	g.Expect(l.ID()).To(BeEmpty())
	g.Expect(l.CEF.Extension).To(BeEmpty())
	raw := []byte(goodLine)
	g.Expect(testing.AllocsPerRun(100, func() { l.Parse(raw) })).To(BeZero())
}

func TestWholeSyslogHeaders(t *testing.T) {
	cef := goodLine[strings.Index(goodLine, "CEF:"):]
	for _, c := range []struct {
		name, line, system string
		deviation          string
	}{
		{"RFC 5424", "<14>1 2023-03-02T21:10:02.022Z vm app 12 id - " + cef, "vm", ""},
		{"RFC 5424 with data and BOM", `<14>1 2023-03-02T21:10:02.022+01:00 vm app 12 id [a b="c"] ` + "\ufeff" + cef, "vm", ""},
		{"RFC 5424 with nothing", "<14>1 - - - - - - " + cef, "", ""},
		{"RFC 3164", "<13>Mar  2 21:10:02 vm root[12]: " + cef, "vm", ""},
		{"RFC 5424 with a wrong time", "<14>1 2023-03-02 vm app 12 id - " + cef, "", "RFC 5424 header: expecting a RFC3339MICRO timestamp"},
		{"RFC 5424 without CEF", "<14>1 - - - - - - hello", "", "no CEF part"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := NewWithT(t)
			l := ParseLine([]byte(c.line))
			g.Expect(string(l.System)).To(Equal(c.system))
			if c.deviation != "" {
				g.Expect(l.Deviations).To(ContainElement(HaveField("What", ContainSubstring(c.deviation))))
				return
			}
			g.Expect(l.Deviations).To(BeEmpty())
			g.Expect(string(l.ID())).To(Equal("1_a"))
		})
	}
}
