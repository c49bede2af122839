package fakecas

// The catalogue is what generated records are made of. Names, ids and event
// types are of the shapes seen in real records; people, files and addresses
// are invented, awkward on purpose: other alphabets, the characters that CEF
// and syslog escape, line breaks, empty and very long values.

type app struct {
	id   int // the API's appId and the filter "service"
	name string
}

var apps = []app{
	{11161, "Office 365"},
	{15600, "Microsoft OneDrive for Business"},
	{20892, "Microsoft SharePoint Online"},
	{20893, "Microsoft Exchange Online"},
	{28375, "Microsoft Teams"},
	{12260, "Microsoft Azure"},
	{20940, "Active Directory"},
	{11114, "Salesforce"},
	{10489, "Box"},
	{11627, "Dropbox"},
	{11770, "Google Workspace"},
	{11599, "Amazon Web Services"},
	{14509, "ServiceNow"},
	{10980, "Okta"},
	{25275, "Cisco Webex"},
	{26060, "GitHub"},
}

type user struct {
	id      string // in the directory
	name    string // the display name
	account string // the e-mail address; may be empty
	unit    string // organisational unit
}

var users = []user{
	{"3fa9f28b-eb0e-463a-ba7b-8089fe9991e2", "Avi Testman", "avi.testman@contoso.com", "Finance"},
	{"7d0c5a52-0fd8-4a3f-9f5e-0b7f3f6d1a01", "Jürgen Groß", "juergen.gross@contoso.com", "Vertrieb Süd"},
	{"7d0c5a52-0fd8-4a3f-9f5e-0b7f3f6d1a02", "Zoë van 't Hoff", "zoe.vanthoff@contoso.nl", "Inkoop"},
	{"7d0c5a52-0fd8-4a3f-9f5e-0b7f3f6d1a03", "山田 太郎", "taro.yamada@contoso.co.jp", "営業"},
	{"7d0c5a52-0fd8-4a3f-9f5e-0b7f3f6d1a04", "Ольга Смирнова", "olga@fabrikam.example", "Бухгалтерия"},
	{"7d0c5a52-0fd8-4a3f-9f5e-0b7f3f6d1a05", "محمد علي", "m.ali@contoso.com", ""},
	{"7d0c5a52-0fd8-4a3f-9f5e-0b7f3f6d1a06", `CONTOSO\svc-backup`, `contoso\svc-backup`, "Service accounts"},
	{"7d0c5a52-0fd8-4a3f-9f5e-0b7f3f6d1a07", "cn=App|Owner,dc=contoso", "app=owner|prod@contoso.com", "IT=Ops|Cloud"},
	{"7d0c5a52-0fd8-4a3f-9f5e-0b7f3f6d1a08", "Siân O'Brien \"Shay\"", "sian.obrien@contoso.com", "R&D"},
	{"7d0c5a52-0fd8-4a3f-9f5e-0b7f3f6d1a09", "🦊 Fox Service", "fox+alerts@contoso.com", "Automation"},
	{"7d0c5a52-0fd8-4a3f-9f5e-0b7f3f6d1a0a", "", "", ""},
	{"7d0c5a52-0fd8-4a3f-9f5e-0b7f3f6d1a0b", "Admin", "admin@contoso.com", "IT"},
}

type place struct {
	ip, country, city, region, owner string
	category                         string // the documented filter "ip.category": 1 corporate, 3 risky, 4 VPN, 6 other
	latitude, longitude              string
}

// Addresses are of the ranges that RFC 5737 and RFC 3849 set aside.
var places = []place{
	{"192.0.2.10", "IL", "Tel Aviv", "Tel Aviv", "Contoso Ltd", "1", "32.0679", "34.7604"},
	{"198.51.100.23", "NL", "'s-Hertogenbosch", "Noord-Brabant", "Contoso B.V.", "1", "51.6978", "5.3037"},
	{"203.0.113.77", "US", "Redmond", "Washington", "Northwind Traders", "5", "47.6740", "-122.1215"},
	{"2001:db8:85a3::8a2e:370:7334", "DE", "München", "Bayern", "Fabrikam GmbH", "6", "48.1351", "11.5820"},
	{"2001:db8::1", "JP", "東京", "東京都", "", "4", "35.6895", "139.6917"},
	{"203.0.113.200", "BR", "São Paulo", "São Paulo", "Anonymous proxy", "3", "-23.5505", "-46.6333"},
	{"", "", "", "", "", "", "0", "0"},
}

type client struct {
	agent, family, system, device string
}

var clients = []client{
	{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36", "CHROME", "Windows 10", "DESKTOP"},
	{"Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148", "SAFARI_MOBILE", "iOS 17", "MOBILE"},
	{"Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)", "SAFARI", "iPadOS 16", "TABLET"},
	{"OneDriveMpc-Transform_Thumbnail/1.0", "MICROSOFT_ONEDRIVE_FOR_BUSINESS", "Unknown", "OTHER"},
	{"python-requests/2.31.0; key=value|pipe\\slash", "PYTHON", "Linux", "OTHER"},
	{"", "", "", ""},
}

type event struct {
	category string // the line's CLASS
	name     string // as the portal shows it
	raw      string // the operation in the app's own words
	action   string // the filter "activity.eventActionType"
	object   bool   // is about an object
	admin    bool
}

var events = []event{
	{"EVENT_CATEGORY_LOGIN", "Log on", "UserLoggedIn", "LOGIN", false, false},
	{"EVENT_CATEGORY_FAILED_LOGIN", "Failed log on", "UserLoginFailed", "FAILED_LOGIN", false, false},
	{"EVENT_CATEGORY_LOGOUT", "Log out", "UserLoggedOut", "LOGOUT", false, false},
	{"EVENT_CATEGORY_VIEW_FILE", "View file", "FilePreviewed", "VIEW", true, false},
	{"EVENT_CATEGORY_DOWNLOAD_FILE", "Download file", "FileDownloaded", "DOWNLOAD", true, false},
	{"EVENT_CATEGORY_UPLOAD_FILE", "Upload file", "FileUploaded", "UPLOAD", true, false},
	{"EVENT_CATEGORY_MODIFY_FILE", "Modify file", "FileModified", "EDIT", true, false},
	{"EVENT_CATEGORY_RENAME_FILE", "Rename file", "FileRenamed", "RENAME", true, false},
	{"EVENT_CATEGORY_COPY_FILE", "Copy file", "FileCopied", "COPY", true, false},
	{"EVENT_CATEGORY_MOVE_FILE", "Move file", "FileMoved", "MOVE", true, false},
	{"EVENT_CATEGORY_DELETE_FILE", "Delete file", "FileDeleted", "DELETE", true, false},
	{"EVENT_CATEGORY_RESTORE_FILE", "Restore file", "FileRestored", "RESTORE", true, false},
	{"EVENT_CATEGORY_SHARE_FILE", "Share file", "SharingSet", "SHARE", true, false},
	{"EVENT_CATEGORY_UNSHARE_FILE", "Unshare file", "SharingRevoked", "UNSHARE", true, false},
	{"EVENT_CATEGORY_CREATE_FOLDER", "Create folder", "FolderCreated", "CREATE", true, false},
	{"EVENT_CATEGORY_SEND_MAIL", "Send mail", "Send", "SEND", true, false},
	{"EVENT_CATEGORY_SYNC", "Sync", "FileSyncDownloadedFull", "SYNC", true, false},
	{"EVENT_CATEGORY_VIEW_REPORT", "View report", "ReportViewed", "VIEW", true, false},
	{"EVENT_CATEGORY_EXPORT_REPORT", "Export report", "ReportExported", "EXPORT", true, false},
	{"EVENT_CATEGORY_CREATE_OBJECT", "Create object", "ObjectCreated", "CREATE", true, false},
	{"EVENT_CATEGORY_MODIFY_OBJECT", "Modify object", "ObjectModified", "EDIT", true, false},
	{"EVENT_CATEGORY_DELETE_OBJECT", "Delete object", "ObjectDeleted", "DELETE", true, false},
	{"EVENT_CATEGORY_RUN_COMMAND", "Run command", "Set-Mailbox", "RUN", true, true},
	{"EVENT_CATEGORY_CREATE_USER", "Create user", "Add user.", "CREATE", true, true},
	{"EVENT_CATEGORY_DELETE_USER", "Delete user", "Delete user.", "DELETE", true, true},
	{"EVENT_CATEGORY_ADD_PRIVILEGE", "Add privilege", "Add member to role.", "ADD", true, true},
	{"EVENT_CATEGORY_CHANGE_PASSWORD", "Change password", "Change user password.", "EDIT", true, true},
	{"EVENT_CATEGORY_CHANGE_CONFIGURATION", "Change configuration", "Set-AdminAuditLogConfig", "EDIT", true, true},
	{"EVENT_CATEGORY_IMPERSONATE", "Impersonate", "Impersonate", "IMPERSONATE", true, true},
	{"EVENT_CATEGORY_UNSPECIFIED", "Unspecified", "Unspecified", "UNSPECIFIED", false, false},
}

type object struct {
	id, name, kind string
}

var objects = []object{
	{"cac4b654-5fcf-44f0-818e-479cf8ae42ac", "https://contoso-my.sharepoint.com/personal/avi_testman_contoso_com/", "OneDrive Site Collection"},
	{"01", "iban example.docx", "File"},
	{"02", "budget=2026|v2\\final.xlsx", "File"},
	{"03", "Überweisung – März.pdf", "File"},
	{"04", "見積書.xlsx", "File"},
	{"05", "first line\nsecond line\r\nthird line.txt", "File"},
	{"06", "tab\tand \"quotes\" 'single'.csv", "File"},
	{"b1709c40db360300906ff34ebf961923", "ServiceNow Object b1709c40db360300906ff34ebf961923", "Object"},
	{"23", "sys_report", "Report"},
	{"", "", ""},
	{"07", "2017-07-15T20:42:30.531Z CEF:0|MCAS|not|a|header", "File"},
	{"08", "C:\\Users\\Public\\a=b\\c|d.ps1", "File"},
}

type policy struct {
	id          string // 24 hex digits; empty: none
	name        string
	policyType  string
	alertType   string
	alertNumber int // the API's idValue
	title       string
	severity    int // 0 low, 1 medium, 2 high, 3 informational
	system      bool
}

var policies = []policy{
	{"59f0ab82f797fa0681e9b1c7", "myPolicy", "AUDIT", "ALERT_CABINET_EVENT_MATCH_AUDIT", 15859716, "myPolicy", 0, false},
	{"5bfd18bfab73c36ba10d38ca", "Honeytoken activity", "ANOMALY_DETECTION", "ALERT_ANUBIS_DETECTION_HONEYTOKEN", 15795464, "Honeytoken activity", 1, false},
	{"5a01c4d2f797fa0681e9b1d0", "Mass download by a single user", "AUDIT", "ALERT_CABINET_EVENT_MATCH_AUDIT", 15859716, "Mass download by a single user", 2, false},
	{"5a01c4d2f797fa0681e9b1d1", "File shared with personal e-mail = bad | stop", "FILE", "ALERT_CABINET_EVENT_MATCH_FILE", 15859717, "File shared with personal e-mail = bad | stop", 1, false},
	{"5a01c4d2f797fa0681e9b1d2", "Onmogelijke reis", "ANOMALY_DETECTION", "ALERT_ANUBIS_DETECTION_VELOCITY", 15859712, "Impossible travel activity", 1, false},
	{"5a01c4d2f797fa0681e9b1d3", "Blocked download (session)", "INLINE", "ALERT_CABINET_INLINE_EVENT_MATCH", 15859713, "Blocked download (session)", 0, false},
	{"", "", "", "ALERT_SUSPICIOUS_ACTIVITY", 15859714, "Suspicious activity", 3, false},
	{"5a01c4d2f797fa0681e9b1d4", "Nieuwe app ontdekt", "NEW_SERVICE", "ALERT_CABINET_DISCOVERY_NEW_SERVICE", 15859715, "New service discovered", 0, false},
}
