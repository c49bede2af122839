//go:build !windows

package main

import "context"

// serve is for Windows only; elsewhere a service manager sends signals.
func serve(context.Context, func(context.Context) int) (status int, served bool) { return 0, false }
