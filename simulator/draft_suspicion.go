package simulator

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// side is where a fault is suspected.
type side string

const (
	atReceiver side = "receiver"
	atService  side = "service"
	atAgent    side = "agent"
	atDisk     side = "disk"
)

// suspicion is a fault that a line of a log points to, in the words of a
// script.
type suspicion struct {
	name  string // a sentence, and its identity
	side  side
	words *regexp.Regexp // of which the line has some, in lower case
	begin []string       // commands
	lasts time.Duration  // at least, so that it shows
	most  time.Duration  // if set: then the agent would give up
	shown []string       // assertions, once it has lasted
	end   []string       // commands
	tls   bool           // it needs a receiver with TLS
	vague bool           // it is the plainest of many
	plain bool           // it is no fault if nothing comes after it
}

// soon is a time in which what is wrong shows.
const soon = 10 * time.Minute

// broken is what makes an agent connect anew, so that it meets a fault of new
// connections.
const (
	brokenReceiver = "syslog fault reset -first 1"
	brokenService  = "cas fault reset at=request -first 1"
)

// answered matches an HTTP status where it is one, and no other number.
func answered(status string) string {
	return `(answered|status|code|http/\d\.\d)\W{1,3}` + status + `\b`
}

func pattern(text string) *regexp.Regexp { return regexp.MustCompile(text) }

// ending is what the console prints when the agent ends by itself; it goes
// before what the cause beside it points to.
var ending = []suspicion{
	{name: "the token died while the agent ran, and it gives up", side: atAgent, words: pattern(`too[- ]many[- ]critical[- ]errors|te veel kritieke fouten`), lasts: 20 * time.Minute,
		begin: []string{"portal regenerate-token"}, shown: []string{"agent console 'Too many critical errors'"}, end: []string{"agent start"}},
	{name: "the token is not valid any more", side: atAgent, words: pattern(`invalid[- ]token|ongeldig token`), lasts: time.Minute,
		begin: []string{"agent stop", "portal regenerate-token", "agent start -token previous"}, shown: []string{"agent console 'Invalid token'"}, end: []string{"agent start"}},
	{name: "the proxy's address is wrong", side: atAgent, words: pattern(`invalid[- ]proxy[- ]address|ongeldig proxyadres`), lasts: time.Minute,
		begin: []string{"agent stop", "agent start -proxy no-such-proxy.contoso.com:8080"}, shown: []string{"agent console 'Invalid proxy address'"}, end: []string{"agent start"}},
	{name: "the agent can't read the file that holds its place", side: atAgent, words: pattern(`bootstrap[- ]error|error during bootstrap|fout tijdens bootstrap`), lasts: time.Minute,
		begin: []string{"agent stop", "agent checkpoint torn", "agent start"}, shown: []string{"agent console 'General error during bootstrap'"}, end: []string{"agent checkpoint gone", "agent start"}},
	{name: "the agent does not run", side: atAgent, words: pattern(`the agent is stopped.*asked to stop`), lasts: time.Minute,
		begin: []string{"agent stop"}, end: []string{"agent start"}, plain: true},
}

// serviceFaults are suspected where a line is about the service.
var serviceFaults = []suspicion{
	{name: "the tenant's requests are throttled", side: atService, words: pattern(answered(`429`) + `|too many requests|throttl`), lasts: soon, begin: []string{"cas fault throttle -where activities"}, end: []string{"cas heal throttle"}},
	{name: "the token is refused", side: atService, words: pattern(answered(`40[13]`) + `|unauthori[sz]ed|forbidden`), lasts: 5 * time.Minute, most: 5 * time.Minute, begin: []string{"cas fault status code=401"}, end: []string{"cas heal status"}},
	{name: "the service answers with errors", side: atService, words: pattern(answered(`5\d\d`) + `|internal server error|bad gateway|service unavailable|gateway time-?out`), lasts: soon, begin: []string{"cas fault status code=503"}, end: []string{"cas heal status"}},
	{name: "the service's certificate has expired", side: atService, words: pattern(`certificate (has expired|.* expired on)`), lasts: 5 * time.Minute, most: 5 * time.Minute, begin: []string{"cas fault expired", brokenService}, end: []string{"cas heal expired"}},
	{name: "the service's certificate is for another name", side: atService, words: pattern(`certificate is (not )?(valid )?for `), lasts: 5 * time.Minute, most: 5 * time.Minute, begin: []string{"cas fault wrong-name", brokenService}, end: []string{"cas heal wrong-name"}},
	{name: "the service offers old versions of TLS only", side: atService, words: pattern(`tls 1\.2 or newer|protocol version`), lasts: 5 * time.Minute, most: 5 * time.Minute, begin: []string{"cas fault old-tls", brokenService}, end: []string{"cas heal old-tls"}},
	{name: "the service's certificate is by an unknown authority", side: atService, words: pattern(`x509|certificate|authority`), lasts: 5 * time.Minute, most: 5 * time.Minute, begin: []string{"cas fault unknown-ca", brokenService}, end: []string{"cas heal unknown-ca"}},
	{name: "the service's name is not found", side: atService, words: pattern(`no such host|not resolved|server misbehaving`), lasts: soon, begin: []string{"network name cas no-such-host", brokenService}, end: []string{"network name cas healed"}},
	{name: "the service refuses connections", side: atService, words: pattern(`refused`), lasts: soon, begin: []string{"cas fault refuse -established"}, end: []string{"cas heal refuse"}},
	{name: "the service's connections break", side: atService, words: pattern(`\breset\b|\beof\b|broken pipe|broke off`), lasts: soon, begin: []string{"cas fault reset at=request"}, end: []string{"cas heal reset"}},
	{name: "nothing gets through to the service", side: atService, words: pattern(`time(d )?-?out|took longer than|no whole answer|deadline|unreachable|no route|can't be reached|no answer`), lasts: soon, begin: []string{"network cut agent cas"}, end: []string{"network mend agent cas"}},
}

// receiverFaults are suspected where a line is not about the service.
var receiverFaults = []suspicion{
	{name: "the agent can't save its place", side: atDisk, words: pattern(`internal-error|internal error|interne fout|can't be saved`), lasts: 5 * time.Minute, begin: []string{"agent checkpoint-directory gone"}, shown: []string{"portal notification internal-error"}, end: []string{"agent checkpoint-directory back"}},
	{name: "the syslog server stops reading", side: atReceiver, words: pattern(`has not confirmed|nothing has moved|stalled`), lasts: soon, begin: []string{"syslog fault stall"}, end: []string{"syslog heal stall"}},
	{name: "the syslog server's name is not found", side: atReceiver, words: pattern(`no such host|not resolved|server misbehaving`), lasts: soon, begin: []string{"network name syslog no-such-host", brokenReceiver}, end: []string{"network name syslog healed"}},
	{name: "the syslog server wants a certificate of the agent", side: atReceiver, words: pattern(`certificate required|bad certificate`), lasts: soon, begin: []string{"syslog fault tls-client-certificate", brokenReceiver}, end: []string{"syslog heal tls-client-certificate"}, tls: true},
	{name: "the syslog server's certificate has expired", side: atReceiver, words: pattern(`certificate (has expired|.* expired on)`), lasts: soon, begin: []string{"syslog fault tls-expired", brokenReceiver}, end: []string{"syslog heal tls-expired"}, tls: true},
	{name: "the syslog server's certificate is for another name", side: atReceiver, words: pattern(`certificate is (not )?(valid )?for `), lasts: soon, begin: []string{"syslog fault tls-wrong-name", brokenReceiver}, end: []string{"syslog heal tls-wrong-name"}, tls: true},
	{name: "the syslog server offers old versions of TLS only", side: atReceiver, words: pattern(`tls 1\.2 or newer|protocol version`), lasts: soon, begin: []string{"syslog fault tls-old-version", brokenReceiver}, end: []string{"syslog heal tls-old-version"}, tls: true},
	{name: "the syslog server's certificate is by an unknown authority", side: atReceiver, words: pattern(`x509|certificate|authority`), lasts: soon, begin: []string{"syslog fault tls-unknown-ca", brokenReceiver}, end: []string{"syslog heal tls-unknown-ca"}, tls: true},
	{name: "the syslog server refuses connections", side: atReceiver, words: pattern(`connection refused|actively refused`), lasts: soon, begin: []string{"syslog fault refuse -established"}, end: []string{"syslog heal refuse"}},
	{name: "the syslog server resets connections", side: atReceiver, words: pattern(`connection reset|broken pipe|forcibly closed`), lasts: soon, begin: []string{"syslog fault reset -after 10"}, end: []string{"syslog heal reset"}},
	{name: "the syslog server closes connections in the middle of the lines", side: atReceiver, words: pattern(`closed the connection|\beof\b|end of the stream`), lasts: soon, begin: []string{"syslog fault close -after 10"}, end: []string{"syslog heal close"}},
	{name: "a firewall drops what goes to the syslog server", side: atReceiver, words: pattern(`i/o timeout|timed out|took longer than|deadline exceeded|no route to host|network is unreachable`), lasts: soon, begin: []string{"network cut agent syslog"}, end: []string{"network mend agent syslog"}},
}

// documented are suspected where a line has a documented message and nothing
// about its cause: the plainest fault that shows it.
var documented = map[string]suspicion{
	"data-server-connection-error":  {name: "the syslog server refuses connections", side: atReceiver, lasts: soon, begin: []string{"syslog fault refuse -established"}, end: []string{"syslog heal refuse"}},
	"data-server-send-error":        {name: "the syslog server stops reading", side: atReceiver, lasts: soon, begin: []string{"syslog fault stall"}, end: []string{"syslog heal stall"}},
	"siem-agent-notification-error": {name: "the syslog server's address changed", side: atReceiver, lasts: soon, begin: []string{"network move syslog -old refuse -stale 20m", brokenReceiver}},
	"status-connection-error":       halfDay("portal status Connection error", 2*time.Hour),
	"status-disconnected":           halfDay("portal status Disconnected", 12*time.Hour),
	"siem-agent-error":              halfDay("portal notification siem-agent-error", 12*time.Hour),
}

// halfDay is an agent out of reach for more than the hours after which the
// portal shows it; contact is made every minute.
func halfDay(shown string, hours time.Duration) suspicion {
	return suspicion{name: "nothing gets through to the service", side: atService, lasts: hours + 2*time.Minute,
		begin: []string{"network cut agent cas"}, shown: []string{shown}, end: []string{"network mend agent cas"}}
}

var (
	aboutService = pattern(`cloudappsecurity\.com|/api/v1/|/siemdrill/v1/|:443\b|the service|critical error\b|nothing was pulled|no contact|the proxy |proxyconnect|proxy auth`)
	resolved     = pattern(`resolved|opgelost`)
	started      = pattern(`the agent is starting`)
	goesOn       = pattern(`will be tried again|critical error\b`) // so it is not how the agent ended
	// harmless is an idle connection that ended, and the end of an agent in the
	// words of its Machine: why, its program says in the next line.
	harmless  = pattern(`in doubt"?[:=]0\b|the agent is stopped`)
	asked     = pattern(`asked to stop`)
	connected = pattern(`\bstatus\b.*\bconnected\b|^\W*(\d\S*\W+)*(connected|verbonden)\W*$`)
	quiet     = pattern(`level"?[=:]"?(info|debug)`)
)

// recovery says whether a line is about something that is over, and where.
func recovery(line string) (side, bool) {
	lower := strings.ToLower(line)
	switch {
	case started.MatchString(lower):
		return atAgent, true
	case strings.Contains(lower, "internal-error") && resolved.MatchString(lower):
		return atDisk, true
	case strings.Contains(lower, "siem-agent-error") && resolved.MatchString(lower):
		return atService, true
	case resolved.MatchString(lower) && !strings.Contains(lower, "not resolved"):
		return atReceiver, true
	case connected.MatchString(lower):
		return atService, true
	}
	return "", false
}

// suspect is what a line points to, given the documented messages in it.
func suspect(line string, messages []string) (suspicion, bool) {
	lower := strings.ToLower(withoutTime(line))
	if harmless.MatchString(lower) && !asked.MatchString(lower) {
		return suspicion{}, false
	}
	tables := [][]suspicion{ending, receiverFaults}
	if aboutService.MatchString(lower) {
		tables[1] = serviceFaults
	}
	if goesOn.MatchString(lower) {
		tables = tables[1:]
	}
	for _, s := range slices.Concat(tables...) {
		if s.words.MatchString(lower) {
			return s, true
		}
	}
	for _, id := range messages {
		if s, found := documented[id]; found {
			s.vague = true
			return s, true
		}
	}
	return suspicion{}, false
}
