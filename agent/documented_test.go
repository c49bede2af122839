package agent

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// docs/agent.md must say what the code does.
func documentation(g *WithT) string {
	text, err := os.ReadFile("../docs/agent.md")
	g.Expect(err).NotTo(HaveOccurred())
	return string(text)
}

// section is what stands below a heading.
func section(text, heading string) string {
	_, rest, _ := strings.Cut(text, "\n## "+heading+"\n")
	rest, _, _ = strings.Cut(rest, "\n## ")
	return rest
}

// rows are the cells of a table whose first one is code.
func rows(text string) map[string][]string {
	found := map[string][]string{}
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		first := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(cells[0]), "`"), "`")
		if !strings.HasPrefix(strings.TrimSpace(line), "| `") {
			continue
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		found[first] = cells[1:]
	}
	return found
}

func TestEverySettingIsDocumentedWithItsDefault(t *testing.T) {
	g := NewWithT(t)
	documented := rows(section(documentation(g), "Settings"))
	known := map[string]bool{}
	var look func(prefix string, v reflect.Value)
	look = func(prefix string, v reflect.Value) {
		for i := range v.NumField() {
			key, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			key = prefix + key
			known[key] = true
			g.Expect(documented[key]).NotTo(BeNil(), "a row of the table of settings: %s", key)
			expectDefault(g, key, documented[key][0], v.Field(i))
			if f := v.Type().Field(i).Type; f.Kind() == reflect.Pointer {
				look(key+".", reflect.New(f.Elem()).Elem())
			}
		}
	}
	look("", reflect.ValueOf(Settings{}.WithDefaults()))
	for key := range documented {
		g.Expect(known[key]).To(BeTrue(), "a setting of the table: %s", key)
	}
}

// expectDefault compares where the default is a value of the setting's own.
func expectDefault(g *WithT, key, written string, v reflect.Value) {
	switch standard := v.Interface().(type) {
	case Duration:
		d, err := time.ParseDuration(written)
		g.Expect(err).NotTo(HaveOccurred(), key)
		g.Expect(d).To(Equal(time.Duration(standard)), key)
	default:
		g.Expect(written).NotTo(BeEmpty(), key)
		if !v.IsZero() {
			g.Expect(written).To(Equal(fmt.Sprint(standard)), key)
		}
	}
}

func TestEveryLineOfTheLogIsDocumented(t *testing.T) {
	g := NewWithT(t)
	documented := rows(section(documentation(g), "What each line of the log means"))
	logged := map[string]bool{}
	for _, pattern := range []string{"*.go", "cmd/siem-agent/*.go", "internal/*/*.go"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			if !strings.HasSuffix(file, "_test.go") {
				linesOf(g, file, logged)
			}
		}
	}
	g.Expect(len(logged)).To(BeNumerically(">", 15))
	for line := range logged {
		g.Expect(documented[line]).NotTo(BeNil(), "a row of the table of lines: %s", line)
	}
	for line := range documented {
		g.Expect(logged[line]).To(BeTrue(), "a line that is logged: %s", line)
	}
}

// linesOf adds the texts that a file logs at the level Info or above.
func linesOf(g *WithT, file string, logged map[string]bool) {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	g.Expect(err).NotTo(HaveOccurred())
	ast.Inspect(parsed, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		f, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || !regexp.MustCompile("^(Info|Warn|Error)$").MatchString(f.Sel.Name) {
			return true
		}
		text := call.Args[0]
		if sum, ok := text.(*ast.BinaryExpr); ok {
			text = sum.X
		}
		if literal, ok := text.(*ast.BasicLit); ok {
			line, _ := strconv.Unquote(literal.Value)
			logged[line] = true
		}
		return true
	})
}

func TestEveryExitStatusIsDocumented(t *testing.T) {
	g := NewWithT(t)
	text := documentation(g)
	for _, is := range documented {
		g.Expect(text).To(ContainSubstring(fmt.Sprintf("| %d | %s |", is.exitStatus, is.message)))
	}
}
