package fakesyslog

import "time"

// TimeFormat is one of the three that an agent can be told to write.
type TimeFormat int

const (
	NoTime      TimeFormat = iota
	RFC5424                // 2023-03-02T21:10:02.022Z (RFC 5424, section 6.2.3)
	RFC3164                // Mar 02 21:10:02 (RFC 3164, section 4.1.2; the vendor pads the day with a zero)
	RFC3164Year            // Mar 02 2023 21:10:02 (documented by the vendor)
)

var timeFormatNames = []string{"none", "RFC 5424", "RFC 3164", "RFC 3164 with year"}

func (f TimeFormat) String() string { return timeFormatNames[f] }

// Stamp is a time as a line carries it.
type Stamp struct {
	Format               TimeFormat
	Year                 int // 0 in RFC 3164
	Month, Day           int
	Hour, Minute, Second int
	Nanosecond           int
	Zone                 int // seconds east of UTC; only RFC 5424 has one
}

// Time is the instant. A year that the format lacks is chosen so that the
// instant lies nearest to near, and a zone that it lacks is UTC.
func (t Stamp) Time(near time.Time) time.Time {
	at := func(year int) time.Time {
		return time.Date(year, time.Month(t.Month), t.Day, t.Hour, t.Minute, t.Second, t.Nanosecond,
			time.FixedZone("", t.Zone)).UTC()
	}
	if t.Format != RFC3164 {
		return at(t.Year)
	}
	best := at(near.UTC().Year())
	for _, year := range []int{near.UTC().Year() - 1, near.UTC().Year() + 1} {
		if other := at(year); other.Sub(near).Abs() < best.Sub(near).Abs() {
			best = other
		}
	}
	return best
}

// stampOf is the stamp of an instant in RFC 5424.
func stampOf(t time.Time) Stamp {
	_, zone := t.Zone()
	return Stamp{RFC5424, t.Year(), int(t.Month()), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone}
}

const months = "JanFebMarAprMayJunJulAugSepOctNovDec"

var monthDays = [13]int{0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// readStamp reads a time at the start of p and says how long it is; 0 means
// that none of the three formats fits.
func readStamp(p []byte) (Stamp, int) {
	if len(p) > 0 && p[0] >= '0' && p[0] <= '9' {
		return readRFC5424(p)
	}
	return readRFC3164(p)
}

// readRFC3164 reads "Mar 02 21:10:02" or "Mar 02 2023 21:10:02".
func readRFC3164(p []byte) (Stamp, int) {
	if len(p) < len("Mar 02 21:10:02") || p[3] != ' ' || p[6] != ' ' {
		return Stamp{}, 0
	}
	t := Stamp{Format: RFC3164, Month: month(p[:3])}
	if p[4] == ' ' { // RFC 3164 pads with a space
		t.Day = digits(p[5:6])
	} else {
		t.Day = digits(p[4:6])
	}
	n := 7
	if len(p) >= len("Mar 02 2023 21:10:02") && p[11] == ' ' {
		t.Format, t.Year = RFC3164Year, digits(p[7:11])
		n = 12
	}
	if !t.clock(p[n:]) || !t.valid() {
		return Stamp{}, 0
	}
	return t, n + len("21:10:02")
}

// readRFC5424 reads "2023-03-02T21:10:02.022Z".
func readRFC5424(p []byte) (Stamp, int) {
	const whole = len("2023-03-02T21:10:02")
	if len(p) < whole+1 || p[4] != '-' || p[7] != '-' || p[10] != 'T' {
		return Stamp{}, 0
	}
	t := Stamp{Format: RFC5424, Year: digits(p[:4]), Month: digits(p[5:7]), Day: digits(p[8:10])}
	if !t.clock(p[11:]) || !t.valid() {
		return Stamp{}, 0
	}
	n := whole
	if p[n] == '.' {
		n++
		unit := 100_000_000
		for n < len(p) && p[n] >= '0' && p[n] <= '9' && unit >= 1000 { // six digits at most
			t.Nanosecond += int(p[n]-'0') * unit
			unit /= 10
			n++
		}
		if n == whole+1 {
			return Stamp{}, 0
		}
	}
	z := t.zone(p[n:])
	if z == 0 {
		return Stamp{}, 0
	}
	return t, n + z
}

// zone reads "Z" or "+01:00" and says how long it is.
func (t *Stamp) zone(p []byte) int {
	if len(p) > 0 && p[0] == 'Z' {
		return 1
	}
	if len(p) < 6 || p[0] != '+' && p[0] != '-' || p[3] != ':' {
		return 0
	}
	h, m := digits(p[1:3]), digits(p[4:6])
	if h < 0 || h > 23 || m < 0 || m > 59 {
		return 0
	}
	if t.Zone = h*3600 + m*60; p[0] == '-' {
		t.Zone = -t.Zone
	}
	return 6
}

// clock reads "21:10:02".
func (t *Stamp) clock(p []byte) bool {
	if len(p) < 8 || p[2] != ':' || p[5] != ':' {
		return false
	}
	t.Hour, t.Minute, t.Second = digits(p[:2]), digits(p[3:5]), digits(p[6:8])
	return uint(t.Hour) < 24 && uint(t.Minute) < 60 && uint(t.Second) < 60
}

func (t *Stamp) valid() bool {
	return t.Year >= 0 && t.Month >= 1 && t.Month <= 12 && t.Day >= 1 && t.Day <= monthDays[t.Month] &&
		(t.Format == RFC3164 || t.Month != 2 || t.Day < 29 || leap(t.Year))
}

func leap(y int) bool { return y%4 == 0 && (y%100 != 0 || y%400 == 0) }

func month(p []byte) int {
	for i := 0; i < len(months); i += 3 {
		if string(p) == months[i:i+3] {
			return i/3 + 1
		}
	}
	return 0
}

// digits reads a decimal number; -1 means that p is not one.
func digits(p []byte) int {
	n := 0
	for _, c := range p {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}
