package fakecas

import (
	"crypto"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"time"
)

// The structures of an OCSP answer, as far as one certificate needs them (RFC
// 6960 section 4.2.1).
type (
	ocspResponse struct {
		Status   asn1.Enumerated
		Response ocspBytes `asn1:"explicit,tag:0"`
	}
	ocspBytes struct {
		Type     asn1.ObjectIdentifier
		Response []byte
	}
	ocspBasic struct {
		Data      asn1.RawValue // an ocspData, as it was signed
		Algorithm pkix.AlgorithmIdentifier
		Signature asn1.BitString
	}
	ocspData struct {
		Responder []byte    `asn1:"explicit,tag:2"` // by key
		Produced  time.Time `asn1:"generalized"`
		Responses []ocspSingle
	}
	ocspSingle struct {
		ID      ocspID
		Revoked ocspRevoked `asn1:"tag:1"`
		This    time.Time   `asn1:"generalized"`
		Next    time.Time   `asn1:"generalized,explicit,tag:0"`
	}
	ocspID struct {
		Algorithm pkix.AlgorithmIdentifier
		Name, Key []byte
		Serial    *big.Int
	}
	ocspRevoked struct {
		At time.Time `asn1:"generalized"`
	}
)

var (
	oidBasic  = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 1}
	oidSHA1   = asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}
	oidECDSA  = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2} // with SHA-256
	sha1Names = pkix.AlgorithmIdentifier{Algorithm: oidSHA1, Parameters: asn1.NullRawValue}
)

// revocation returns an OCSP answer, signed by the authority, that says that
// the certificate was revoked a day ago.
func (a *authority) revocation(leaf *x509.Certificate, now time.Time) ([]byte, error) {
	now = now.UTC().Truncate(time.Second)
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	if _, err := asn1.Unmarshal(a.certificate.RawSubjectPublicKeyInfo, &info); err != nil {
		return nil, err
	}
	key := sha1.Sum(info.Key.RightAlign())
	name := sha1.Sum(a.certificate.RawSubject)
	data, err := asn1.Marshal(ocspData{
		Responder: key[:],
		Produced:  now,
		Responses: []ocspSingle{{
			ID:      ocspID{sha1Names, name[:], key[:], leaf.SerialNumber},
			Revoked: ocspRevoked{now.Add(-24 * time.Hour)},
			This:    now.Add(-time.Hour),
			Next:    now.Add(24 * time.Hour),
		}},
	})
	if err != nil {
		return nil, err
	}
	return a.signAnswer(data)
}

// signAnswer wraps and signs the data of an answer.
func (a *authority) signAnswer(data []byte) ([]byte, error) {
	digest := sha256.Sum256(data)
	signature, err := a.key.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		return nil, err
	}
	basic, err := asn1.Marshal(ocspBasic{
		asn1.RawValue{FullBytes: data},
		pkix.AlgorithmIdentifier{Algorithm: oidECDSA},
		asn1.BitString{Bytes: signature, BitLength: 8 * len(signature)},
	})
	if err != nil {
		return nil, err
	}
	return asn1.Marshal(ocspResponse{Response: ocspBytes{Type: oidBasic, Response: basic}})
}
