// Package cef turns a record into one line of the Common Event Format, as the
// vendor's own agent wrote it:
//
//	[<PRI>]TIMESTAMP [SYSTEM-NAME ]CEF:0|MCAS|SIEM_Agent|VERSION|CLASS|NAME|SEVERITY|EXTENSION
//
// Order of keys, labels, quoting and empty values follow the lines that the
// vendor has printed, byte for byte. They and its list of fields differ in two
// places, and the printed lines win: an alert has no rt, and its src and c6a1
// are there only when the alert has an address.
//
// A line never has a control character in it, so none that could end a frame:
// see escape.go for what becomes of them.
package cef
