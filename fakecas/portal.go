package fakecas

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strings"
	"sync"
)

//go:embed portal
var portalFiles embed.FS

// portal is the page "SIEM agents". It works without JavaScript and loads
// nothing from elsewhere.
type portal struct {
	server    *Server
	templates *template.Template

	mu    sync.Mutex
	shown map[string]string // tokens that may be shown once more, by agent
}

func newPortal(s *Server) *portal {
	inc := func(i int) int { return i + 1 }
	t := template.New("").Funcs(template.FuncMap{"inc": inc})
	return &portal{
		server:    s,
		templates: template.Must(t.ParseFS(portalFiles, "portal/*.html")),
		shown:     map[string]string{},
	}
}

// routes puts the portal's pages on a mux.
func (p *portal) routes(mux *http.ServeMux) {
	for pattern, handle := range map[string]http.HandlerFunc{
		"GET /{$}":                     p.agents,
		"GET /live":                    p.live,
		"GET /portal.css":              p.asset("portal.css", "text/css; charset=utf-8"),
		"GET /portal.js":               p.asset("portal.js", "text/javascript; charset=utf-8"),
		"GET /agents/new":              p.wizard,
		"POST /agents/new":             p.wizardStep,
		"GET /agents/{id}/edit":        p.edit,
		"POST /agents/{id}/edit":       p.save,
		"GET /agents/{id}/regenerate":  p.confirmRegenerate,
		"POST /agents/{id}/regenerate": p.regenerate,
		"GET /agents/{id}/delete":      p.confirmDelete,
		"POST /agents/{id}/delete":     p.remove,
		"GET /agents/{id}/token":       p.token,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			p.server.enter()
			defer p.server.serving.Done()
			defer p.server.feed.deliver()
			handle(w, r)
		})
	}
}

// asset serves one embedded file.
func (p *portal) asset(name, media string) http.HandlerFunc {
	content, err := fs.ReadFile(portalFiles, "portal/"+name)
	return func(w http.ResponseWriter, r *http.Request) {
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", media)
		_, _ = w.Write(content)
	}
}

// view is what every page needs.
type view struct {
	Lang   string
	Tenant string
	Error  string
	Once   bool // the page can't be asked for again, so no link of its own may lead away
}

// T returns a text in the reader's language.
func (v view) T(key string) (string, error) {
	t, ok := portalTexts[key]
	if !ok {
		return "", fmt.Errorf("no text %q", key)
	}
	return v.in(t), nil
}

func (v view) in(t Text) string {
	if v.Lang == "nl" {
		return t.Dutch
	}
	return t.English
}

// text is T for a key that is known to be there.
func (v view) text(key string) string { return v.in(portalTexts[key]) }

// Address is an e-mail address that may break after its @.
func (view) Address(a string) template.HTML {
	return template.HTML(strings.ReplaceAll(template.HTMLEscapeString(a), "@", "@<wbr>"))
}

// view reads the reader's language: the one asked for just now, the one asked
// for before, or the browser's.
func (p *portal) view(w http.ResponseWriter, r *http.Request) view {
	lang := r.URL.Query().Get("lang")
	if lang == "en" || lang == "nl" {
		http.SetCookie(w, &http.Cookie{Name: "lang", Value: lang, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	} else if c, err := r.Cookie("lang"); err == nil && (c.Value == "en" || c.Value == "nl") {
		lang = c.Value
	} else if lang = "en"; strings.HasPrefix(r.Header.Get("Accept-Language"), "nl") {
		lang = "nl"
	}
	return view{Lang: lang, Tenant: p.server.settings().Tenant, Once: r.Method == http.MethodPost}
}

// render writes a page. It is made whole before its first byte is sent.
func (p *portal) render(w http.ResponseWriter, status int, name string, data any) {
	var page bytes.Buffer
	if err := p.templates.ExecuteTemplate(&page, name, data); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes())
}

func (p *portal) missing(w http.ResponseWriter, r *http.Request) {
	p.render(w, http.StatusNotFound, "missing", p.view(w, r))
}
