package srp

import (
	"crypto/sha256"
	"encoding/hex"
	"math/big"
	"sync"
)

// prime is the 3072-bit safe prime of RFC 3526, group 15, which Cognito's clients use with generator 2.
const prime = "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD" +
	"EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED" +
	"EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F" +
	"83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B" +
	"E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510" +
	"15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7" +
	"ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C" +
	"BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF"

const (
	primeBits  = 3072
	primeBytes = primeBits / 8
	// exponentBytes is the length of the server's secret and of each hash used as an exponent.
	exponentBytes = sha256.Size
)

// arithmetic holds constants that take tens of milliseconds to compute, so they are computed on first use.
type arithmetic struct {
	n, k *big.Int
	// powers[i][d] is 2^(d * 16^i). With this table, raising the generator takes one multiplication per half byte of the
	// exponent and no squaring, less than half the time of math/big's Exp. It is large enough for a product of two
	// exponents.
	powers [4 * exponentBytes][16]*big.Int
}

var group = sync.OnceValue(func() *arithmetic {
	a := &arithmetic{}
	a.n, _ = new(big.Int).SetString(prime, 16)
	a.k = hashToInt(pad(a.n), pad(big.NewInt(2)))
	base := big.NewInt(2)
	for i := range a.powers {
		a.powers[i][0] = big.NewInt(1)
		for d := 1; d < 16; d++ {
			a.powers[i][d] = a.mul(a.powers[i][d-1], base)
		}
		base = a.mul(a.powers[i][15], base)
	}
	return a
})

// mul returns x*y mod n.
func (a *arithmetic) mul(x, y *big.Int) *big.Int {
	product := new(big.Int).Mul(x, y)
	return product.Rem(product, a.n)
}

// raise returns 2^e mod n. The exponent is big-endian and has at most 2*exponentBytes bytes.
func (a *arithmetic) raise(e []byte) *big.Int {
	result := big.NewInt(1)
	for i, b := range e {
		row := 2 * (len(e) - 1 - i)
		result = a.mul(result, a.powers[row+1][b>>4])
		result = a.mul(result, a.powers[row][b&15])
	}
	return result
}

// pad returns the bytes of a number as Cognito's clients hash them: the fewest possible, with a leading zero byte if
// the first bit is set, as in Java's BigInteger.
func pad(x *big.Int) []byte {
	bytes := x.Bytes()
	if len(bytes) == 0 || bytes[0] >= 0x80 {
		return append([]byte{0}, bytes...)
	}
	return bytes
}

func hash(parts ...[]byte) [sha256.Size]byte {
	h := sha256.New()
	for _, part := range parts {
		h.Write(part)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

func hashToInt(parts ...[]byte) *big.Int {
	sum := hash(parts...)
	return new(big.Int).SetBytes(sum[:])
}

// parsePublic parses a public value: hexadecimal, and not a multiple of n.
func parsePublic(text string) (*big.Int, bool) {
	if len(text) > 2*(primeBytes+1) { // clients often add a leading zero byte
		return nil, false
	}
	raw, err := decodeHex(text)
	if err != nil {
		return nil, false
	}
	value := new(big.Int).SetBytes(raw)
	if value.Cmp(group().n) >= 0 || value.Sign() == 0 {
		return nil, false
	}
	return value, true
}

// decodeHex decodes hexadecimal with an even or odd number of digits.
func decodeHex(text string) ([]byte, error) {
	if len(text)%2 == 1 {
		text = "0" + text
	}
	return hex.DecodeString(text)
}
