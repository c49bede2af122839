package fakecas

// appendActivity appends an activity in the shape of real ones.
func (r *record) appendActivity(f *fields) {
	*f = append(*f, '{')
	f.id("_id", r)
	f.number("tenantId", tenantNumber)
	f.raw("aadTenantId", `"ebac1a16-81bf-449b-8d43-5732c3c1d999"`)
	f.number("appId", int64(r.app.id))
	f.number("saasId", int64(r.app.id))
	r.appendTimes(f)
	f.number("eventType", 233580)
	f.text("eventTypeValue", "EVENT_"+r.event.category[len("EVENT_CATEGORY_"):])
	f.raw("eventRouting", `{"scubaUnpacker":false,"lograbber":true,"auditing":true}`)
	r.appendDevice(f)
	r.appendLocation(f)
	f.open("user")
	f.text("userName", r.user.account)
	f.raw("userTags", `["5f01dbbc68df27c17aa6ca81"]`)
	f.close()
	r.appendUserAgent(f)
	r.appendMainInfo(f)
	f.raw("confidenceLevel", "20")
	f.number("source", r.source())
	f.raw("lograbberService", `{"o365EventGrabber":true,"gediEvent":true}`)
	f.number("srcAppId", 11161)
	r.appendRaw(f)
	r.appendActor(f)
	f.id("uid", r)
	f.text("appName", r.app.name)
	f.text("eventTypeName", r.event.category)
	f.raw("classifications", "[]")
	r.appendEntities(f)
	f.raw("description_id", `"EVENT_DESCRIPTION_BASIC_EVENT"`)
	f.open("description_metadata")
	f.text("target_object", r.object.name)
	f.text("operation_name", r.event.raw)
	f.raw("colon", `""`)
	f.raw("dash", `""`)
	f.close()
	f.text("description", r.description())
	f.raw("genericEventType", `"ENUM_ACTIVITY_GENERIC_TYPE_BASIC"`)
	f.raw("severity", `"INFO"`)
	f.close()
}

func (r *record) appendTimes(f *fields) {
	f.number("timestamp", r.timestamp)
	f.number("timestampRaw", r.timestamp)
	f.number("instantiation", r.created)
	f.number("instantiationRaw", r.created)
	f.number("created", r.created)
	f.number("createdRaw", r.created)
}

func (r *record) appendDevice(f *fields) {
	f.open("device")
	f.text("clientIP", r.place.ip)
	f.text("userAgent", r.client.agent)
	f.text("countryCode", r.place.country)
	f.close()
}

func (r *record) appendLocation(f *fields) {
	f.open("location")
	f.text("countryCode", r.place.country)
	f.text("city", r.place.city)
	f.text("region", r.place.region)
	f.raw("longitude", r.place.longitude)
	f.raw("latitude", r.place.latitude)
	f.text("organizationSearchable", r.place.owner)
	f.flag("anonymousProxy", r.place.category == "3")
	f.raw("isSatelliteProvider", "false")
	f.raw("category", r.place.categoryNumber())
	f.raw("categoryValue", `"null"`)
	f.close()
}

func (p *place) categoryNumber() string {
	if p.category == "" {
		return "0"
	}
	return p.category
}

func (r *record) appendUserAgent(f *fields) {
	f.open("userAgent")
	f.text("family", r.client.family)
	f.text("name", r.client.family)
	f.open("operatingSystem")
	f.text("name", r.client.system)
	f.text("family", r.client.system)
	f.close()
	f.raw("type", `"Application"`)
	f.raw("typeName", `"Application"`)
	f.text("deviceType", r.client.device)
	f.raw("nativeBrowser", "true")
	f.raw("tags", `["000000000000000000000000"]`)
	f.text("os", r.client.system)
	f.text("browser", r.client.family)
	f.close()
	f.open("internals")
	f.list("otherIPs")
	*f = appendQuoted(*f, r.place.ip)
	f.end()
	f.close()
}

func (r *record) appendMainInfo(f *fields) {
	f.open("mainInfo")
	f.list("eventObjects")
	if r.event.object {
		f.item()
		f.raw("objType", "1")
		f.raw("role", "3")
		f.raw("tags", "[]")
		f.text("name", r.object.name)
		f.text("id", r.object.id)
		f.text("serviceObjectType", r.object.kind)
		f.close()
	}
	for _, id := range [...]string{r.user.account, r.user.id} {
		f.item()
		f.raw("objType", "23")
		f.raw("role", "4")
		f.raw("tags", "[]")
		f.text("name", r.user.name)
		f.raw("instanceId", "0")
		f.raw("resolved", "true")
		f.number("saasId", int64(r.app.id))
		f.text("id", id)
		f.raw("link", "-162371649")
		f.close()
	}
	f.end()
	f.text("rawOperationName", r.event.raw)
	f.text("prettyOperationName", r.event.raw)
	f.raw("type", `"basic"`)
	f.close()
}

func (r *record) appendRaw(f *fields) {
	f.open("rawDataJson")
	f.raw("OrganizationId", `"ebac1a16-81bf-449b-8d43-5732c3c1d999"`)
	f.iso("CreationTime", r.timestamp)
	f.raw("RecordType", "6")
	f.text("Operation", r.event.raw)
	f.raw("UserType", "0")
	f.text("Workload", r.app.name)
	f.text("ClientIP", r.place.ip)
	f.text("UserKey", r.user.id)
	f.raw("Version", "1")
	f.text("ObjectId", r.object.name)
	f.text("UserId", r.user.account)
	f.text("UserAgent", r.client.agent)
	f.text("ItemType", r.object.kind)
	f.text("SourceFileName", r.object.name)
	if r.hasCasePair() {
		f.raw("Level", `"4"`)
		f.raw("level", `"Informational"`)
	}
	if r.isLong() {
		f.text("ModifiedProperties", longText)
	}
	f.key("Id")
	*f = append(*f, '"')
	*f = r.appendUUID(*f)
	*f = append(*f, '"')
	f.close()
}

func (r *record) appendActor(f *fields) {
	f.open("resolvedActor")
	f.text("id", r.user.id)
	f.raw("saasId", `"11161"`)
	f.raw("instanceId", `"0"`)
	f.raw("tags", `["5f01dbbc68df27c17aa6ca81"]`)
	f.raw("objType", `"23"`)
	f.text("name", r.user.name)
	f.raw("role", `"4"`)
	f.raw("resolved", "true")
	f.close()
}

func (r *record) appendEntities(f *fields) {
	f.open("entityData")
	f.open("0")
	f.text("displayName", r.user.name)
	f.open("id")
	f.text("id", r.user.account)
	f.number("saas", int64(r.app.id))
	f.raw("inst", "0")
	f.close()
	f.raw("resolved", "true")
	f.close()
	f.raw("1", "null")
	f.open("2")
	f.text("displayName", r.user.name)
	f.open("id")
	f.text("id", r.user.id)
	f.raw("saas", "11161")
	f.raw("inst", "0")
	f.close()
	f.raw("resolved", "true")
	f.close()
	f.close()
}
