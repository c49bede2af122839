// Package checkpoint keeps what survives a restart of one agent: up to where
// its lists were read and confirmed. The records themselves stay with the
// service.
//
// A checkpoint belongs to a tenant and an agent id, not to a token, so a
// regenerated token continues it. One process at a time may use it.
//
// The file is never quietly replaced by a fresh start: when it can't be read
// as what it should be, Load says what is wrong with it and what to do.
package checkpoint
