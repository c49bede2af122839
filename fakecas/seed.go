package fakecas

import (
	"encoding/binary"
	"math/rand/v2"
)

// randomness gives ids and the secrets of tokens, from the server's seed.
type randomness = rand.ChaCha8

func seeded(seed uint64) *randomness {
	var key [32]byte
	copy(key[8:], "ids and secrets of a server")
	binary.LittleEndian.PutUint64(key[:], seed)
	return rand.NewChaCha8(key)
}
