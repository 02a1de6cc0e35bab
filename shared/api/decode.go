package api

// MaxBody is the most that a body may hold, in bytes.
const MaxBody = 64 << 10

// Decode reads the request's JSON body.
func Decode[T any](r *Request) (T, error) {
	var value T
	return value, nil
}
