package webauthn

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/fxamacker/cbor/v2"
)

// The flags of authenticator data.
const (
	userPresent          = 1 << 0
	userVerified         = 1 << 2
	backupEligible       = 1 << 3
	backedUp             = 1 << 4
	hasCredential        = 1 << 6
	hasExtensions        = 1 << 7
	flagsAt              = sha256.Size
	counterAt            = flagsAt + 1
	headerSize           = counterAt + 4
	aaguidSize           = 16
	maxCredentialID      = 1023 // bytes
	maxAuthenticatorData = 1 << 13
)

// authenticatorData is what the authenticator signs.
//
// See https://www.w3.org/TR/webauthn-3/#sctn-authenticator-data
type authenticatorData struct {
	relyingParty [sha256.Size]byte
	flags        byte
	counter      uint32
	id, key      []byte // of a new credential
}

func (d authenticatorData) has(flag byte) bool { return d.flags&flag != 0 }

// parseAuthenticatorData decodes authenticator data, to its last byte.
func parseAuthenticatorData(raw []byte) (d authenticatorData, err error) {
	if len(raw) < headerSize || len(raw) > maxAuthenticatorData {
		return d, ErrMalformed
	}
	d.relyingParty, d.flags = [sha256.Size]byte(raw), raw[flagsAt]
	d.counter = binary.BigEndian.Uint32(raw[counterAt:])
	rest := raw[headerSize:]
	if d.has(hasCredential) {
		if d.id, rest, err = parseID(rest); err != nil {
			return d, err
		}
		if d.key, rest, err = firstMap(rest); err != nil {
			return d, err
		}
	}
	if d.has(hasExtensions) {
		if _, rest, err = firstMap(rest); err != nil {
			return d, err
		}
	}
	if len(rest) > 0 || d.has(backedUp) && !d.has(backupEligible) {
		return d, ErrMalformed
	}
	return d, nil
}

// parseID splits the id of a new credential off.
func parseID(raw []byte) (id, rest []byte, err error) {
	const start = aaguidSize + 2
	if len(raw) < start {
		return nil, nil, ErrMalformed
	}
	size := int(binary.BigEndian.Uint16(raw[aaguidSize:]))
	if size == 0 || size > maxCredentialID || len(raw) < start+size {
		return nil, nil, ErrMalformed
	}
	return raw[start : start+size], raw[start+size:], nil
}

// check checks for whom the authenticator signed, and who was there.
func (d authenticatorData) check(c Ceremony) error {
	switch {
	case d.relyingParty != sha256.Sum256([]byte(c.RelyingParty)):
		return ErrRelyingParty
	case !d.has(userPresent), c.Verified && !d.has(userVerified):
		return ErrPresence
	}
	return nil
}

// decoding returns how CBOR is decoded: strictly, as CTAP2 writes it, and with bounds that keep its memory small.
func decoding() (cbor.DecMode, error) {
	return cbor.DecOptions{
		DupMapKey: cbor.DupMapKeyEnforcedAPF, IndefLength: cbor.IndefLengthForbidden, TagsMd: cbor.TagsForbidden,
		MaxNestedLevels: 8, MaxArrayElements: 64, MaxMapPairs: 64,
	}.DecMode()
}

// decodeCBOR decodes a whole CBOR item.
func decodeCBOR(raw []byte, into any) error {
	mode, err := decoding()
	if err != nil {
		return err
	}
	if mode.Unmarshal(raw, into) != nil {
		return ErrMalformed
	}
	return nil
}

// firstMap splits a CBOR map off.
func firstMap(raw []byte) (first, rest []byte, err error) {
	mode, err := decoding()
	if err != nil {
		return nil, nil, err
	}
	var item cbor.RawMessage
	if rest, err = mode.UnmarshalFirst(raw, &item); err != nil || !isMap(item) {
		return nil, nil, ErrMalformed
	}
	return item, rest, nil
}

// isMap reports whether a CBOR item is a map, by its major type.
func isMap(item []byte) bool { return len(item) > 0 && item[0]>>5 == 5 }
