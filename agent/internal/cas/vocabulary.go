package cas

import (
	"strings"
	"unicode"
)

// The vendor prints words in its lines that its API does not answer with. What
// is known of them is from its printed lines; the rules are ours.

// vocabulary remembers the words of one page, which has few different ones.
// Its zero value is ready to use.
type vocabulary struct {
	names map[string]string
	apps  map[string][]string
}

// activityName is activityName, worked out once.
func (v *vocabulary) activityName(class string) string {
	name, known := v.names[class]
	if !known {
		if v.names == nil {
			v.names = map[string]string{}
		}
		name = activityName(class)
		v.names[class] = name
	}
	return name
}

// appIDs is the list of one app's identifier, empty without an app. Records
// share it: it is not to be changed.
func (v *vocabulary) appIDs(name string) []string {
	if name == "" {
		return nil
	}
	list, known := v.apps[name]
	if !known {
		if v.apps == nil {
			v.apps = map[string][]string{}
		}
		list = []string{appID(name)}
		v.apps[name] = list
	}
	return list
}

// activityNames has the activity types whose name as shown does not follow
// from the class.
var activityNames = map[string]string{
	"EVENT_CATEGORY_LOGIN":        "Log on",
	"EVENT_CATEGORY_LOGOUT":       "Log out", // printed
	"EVENT_CATEGORY_FAILED_LOGIN": "Failed log on",
}

// activityName returns the activity type as shown: EVENT_CATEGORY_DELETE_OBJECT
// is "Delete object".
func activityName(class string) string {
	if name, known := activityNames[class]; known {
		return name
	}
	words := strings.TrimPrefix(class, "EVENT_CATEGORY_")
	if words == "" {
		return class
	}
	return words[:1] + strings.ToLower(strings.ReplaceAll(words[1:], "_", " "))
}

// appIDs has the apps whose identifier does not follow from the name.
var appIDs = map[string]string{
	"Microsoft 365": "APPID_O365", // printed
	"Office 365":    "APPID_O365",
	"Jive Software": "APPID_JIVE", // printed
}

// appID returns the identifier of an app: ServiceNow is APPID_SERVICENOW.
func appID(name string) string {
	if id, known := appIDs[name]; known {
		return id
	}
	return "APPID_" + strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToUpper(c)
		}
		return -1
	}, name)
}

// alertClasses has the alert types of the policy types.
var alertClasses = map[string]string{
	"AUDIT":       "ALERT_CABINET_EVENT_MATCH_AUDIT", // printed
	"FILE":        "ALERT_CABINET_EVENT_MATCH_FILE",
	"INLINE":      "ALERT_CABINET_INLINE_EVENT_MATCH",
	"NEW_SERVICE": "ALERT_CABINET_DISCOVERY_NEW_SERVICE",
}

// alertClass returns the alert type: the one that the alert carries, else the
// one of the policy that raised it.
func alertClass(alertType, policyType string, system bool) string {
	switch {
	case strings.HasPrefix(alertType, "ALERT_"):
		return alertType
	case alertClasses[policyType] != "":
		return alertClasses[policyType]
	case system:
		return "ALERT_MANAGEMENT_GENERIC"
	case policyType != "":
		return "ALERT_" + policyType
	}
	return "ALERT_GENERIC"
}
