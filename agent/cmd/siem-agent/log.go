package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"gopkg.in/natefinch/lumberjack.v2"
)

// Log files are rotated at 10 MB, and ten old ones are kept.
const (
	logMegabytes = 10
	logBackups   = 10
)

// newLogger logs in readable lines to console and, if there is a directory, in
// JSON to siem-agent.log in it. Call closeLog at the end.
func newLogger(directory string, console io.Writer) (log *slog.Logger, closeLog func(), err error) {
	text := slog.NewTextHandler(console, nil)
	if directory == "" {
		return slog.New(text), func() {}, nil
	}
	if err := os.MkdirAll(directory, 0o750); err != nil {
		return nil, nil, fmt.Errorf("--logsDirectory: %w", err)
	}
	name := filepath.Join(directory, "siem-agent.log")
	file, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o640) // lumberjack would say it only at the first line
	if err != nil {
		return nil, nil, fmt.Errorf("--logsDirectory: %w", err)
	}
	file.Close()
	rotated := &lumberjack.Logger{Filename: name, MaxSize: logMegabytes, MaxBackups: logBackups}
	json := slog.NewJSONHandler(rotated, &slog.HandlerOptions{Level: slog.LevelDebug})
	return slog.New(slog.NewMultiHandler(text, json)), func() { rotated.Close() }, nil
}
