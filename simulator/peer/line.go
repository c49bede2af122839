package peer

import (
	"strconv"
	"strings"

	"siemdrill/fakecas"
)

// deviceVersion is that of the newest line that the vendor has printed.
const deviceVersion = "0.112.68"

// appendLine appends a record as an agent's line, with its line feed: the shape,
// the keys and their order are those of the lines that the vendor has printed,
// with a PRI before them. It is written independently of the agent, and less
// sharp: an activity has no policies here, and an alert no related audits.
func appendLine(dst []byte, tenant string, c *fakecas.Contents) []byte {
	dst = append(dst, "<134>"...) // local0.info
	dst = c.Timestamp.AppendFormat(dst, "2006-01-02T15:04:05.000Z")
	dst = append(dst, " CEF:0|MCAS|SIEM_Agent|"+deviceVersion+"|"...)
	dst = append(appendHeader(dst, c.Class), '|')
	dst = append(appendHeader(dst, c.Name), '|')
	if c.Type == fakecas.Alert {
		dst = append(dst, alertSeverity(c.Severity)...)
		dst = appendAlert(append(dst, '|'), tenant, c)
	} else {
		dst = appendActivity(append(dst, "0|"...), tenant, c)
	}
	return append(dst, '\n')
}

// alertSeverity is CEF's for the API's: low, medium, high, informational.
func alertSeverity(api int) string {
	if api < 0 || api > 3 {
		return "0"
	}
	return [...]string{"3", "6", "8", "0"}[api]
}

func appendActivity(dst []byte, tenant string, c *fakecas.Contents) []byte {
	v4, v6 := c.Address, ""
	if strings.Contains(c.Address, ":") {
		v4, v6 = "", c.Address
	}
	dst = appendField(dst, "externalId=", c.ID)
	for _, key := range []string{" rt=", " start=", " end="} {
		dst = strconv.AppendInt(append(dst, key...), c.Timestamp.UnixMilli(), 10)
	}
	dst = appendField(dst, " msg=", c.Description)
	dst = appendField(dst, " suser=", c.User)
	dst = appendField(dst, " destinationServiceName=", c.App)
	dst = appendField(dst, " dvc=", v4)
	dst = appendField(dst, " requestClientApplication=", c.UserAgent)
	dst = appendPortal(dst, tenant, `audits?activity.id\=eq(`)
	dst = append(appendValue(dst, c.ID), ",)"...)
	dst = appendApp(dst, c.App)
	dst = append(dst, " cs3Label=targetObjects cs3="...)
	for i, object := range c.Objects {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendValue(dst, object)
	}
	dst = appendField(dst, " cs4Label=policyIDs cs4=", c.Policy)
	return appendField(dst, ` c6a1Label="Device IPv6 Address" c6a1=`, v6)
}

func appendAlert(dst []byte, tenant string, c *fakecas.Contents) []byte {
	dst = appendField(dst, "externalId=", c.ID)
	for _, key := range []string{" start=", " end="} {
		dst = strconv.AppendInt(append(dst, key...), c.Timestamp.UnixMilli(), 10)
	}
	dst = appendField(dst, " msg=", c.Description)
	dst = appendField(dst, " suser=", c.User)
	dst = appendField(dst, " destinationServiceName=", c.App)
	v6 := strings.Contains(c.Address, ":")
	if c.Address != "" && !v6 {
		dst = appendField(dst, " src=", c.Address)
	}
	dst = strconv.AppendInt(append(dst, " cn1Label=riskScore cn1="...), c.Risk, 10)
	dst = appendPortal(dst, tenant, "alerts/")
	dst = appendValue(dst, c.ID)
	dst = appendApp(dst, c.App)
	dst = append(dst, " cs3Label=relatedAudits cs3="...)
	dst = appendField(dst, " cs4Label=policyIDs cs4=", c.Policy)
	if v6 {
		dst = appendField(dst, ` c6a1Label="Device IPv6 Address" c6a1=`, c.Address)
	}
	return dst
}

func appendPortal(dst []byte, tenant, path string) []byte {
	dst = appendValue(append(dst, " cs1Label=portalURL cs1=https://"...), tenant)
	return append(append(dst, ".portal.cloudappsecurity.com/#/"...), path...)
}

// appendApp appends what the vendor's lines call an app: its name in capitals,
// in one word.
func appendApp(dst []byte, app string) []byte {
	dst = append(dst, " cs2Label=uniqueServiceAppIds cs2="...)
	if app == "" {
		return dst
	}
	dst = append(dst, "APPID_"...)
	for i := 0; i < len(app); i++ {
		switch c := app[i]; {
		case c >= 'a' && c <= 'z':
			dst = append(dst, c-'a'+'A')
		case c >= 'A' && c <= 'Z' || c >= '0' && c <= '9':
			dst = append(dst, c)
		default:
			dst = append(dst, '_')
		}
	}
	return dst
}

func appendField(dst []byte, key, value string) []byte {
	return appendValue(append(dst, key...), value)
}

// What must not stand in a field of the CEF header as it is, and what not in a
// value of the extension.
const (
	specialInHeader = 1 << iota
	specialInValue
)

var special = func() (table [256]byte) {
	for c := range byte(' ') {
		table[c] = specialInHeader | specialInValue
	}
	table[0x7f] = specialInHeader | specialInValue
	table['\\'] = specialInHeader | specialInValue
	table['|'] = specialInHeader
	table['='] = specialInValue
	return table
}()

// appendHeader appends a field of the CEF header, where | and \ are escaped and
// a line can't break.
func appendHeader(dst []byte, s string) []byte { return appendEscaped(dst, s, specialInHeader) }

// appendValue appends a value of the extension, where = and \ are escaped, and a
// line break is written as \n or \r.
func appendValue(dst []byte, s string) []byte { return appendEscaped(dst, s, specialInValue) }

func appendEscaped(dst []byte, s string, place byte) []byte {
	done := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if special[c]&place == 0 {
			continue
		}
		dst = append(dst, s[done:i]...)
		done = i + 1
		switch {
		case c == '\n' && place == specialInValue:
			dst = append(dst, `\n`...)
		case c == '\r' && place == specialInValue:
			dst = append(dst, `\r`...)
		case c < ' ' || c == 0x7f:
			dst = append(dst, ' ')
		default:
			dst = append(dst, '\\', c)
		}
	}
	return append(dst, s[done:]...)
}
