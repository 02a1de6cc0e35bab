// Package kms is a key service on this machine: as much of AWS KMS as a custom sender and AWS's Encryption SDK need, in
// KMS's JSON protocol. Functions reach it by AWS_ENDPOINT_URL_KMS. It keeps its keys in memory and checks no signature
// and no permission, so it protects nothing: use it for tests, replay and local runs.
//
// A ciphertext is AES-GCM over the key's ARN and the encryption context, so that another context, another key or a
// changed byte is refused, as KMS refuses it.
//
// See https://docs.aws.amazon.com/kms/latest/APIReference/Welcome.html
package kms

import (
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"cognito-triggers/local/loopback"
)

// Server is the service, an http.Handler; serve it with loopback.Server. Its keys do not change.
type Server struct{ keys map[string]Key } // by id

// New returns a service with the keys.
func New(keys ...Key) *Server {
	s := &Server{keys: map[string]Key{}}
	for _, k := range keys {
		s.keys[k.id()] = k
	}
	return s
}

// request has the members of all operations; []byte is base64 in JSON, as in KMS's protocol.
type request struct {
	KeyID             string `json:"KeyId"`
	Plaintext         []byte
	CiphertextBlob    []byte
	EncryptionContext map[string]string
	NumberOfBytes     int
	KeySpec           string
	NumberOfTries     int
}

type answer struct {
	KeyID               string       `json:"KeyId,omitempty"`
	Plaintext           []byte       `json:",omitempty"`
	CiphertextBlob      []byte       `json:",omitempty"`
	EncryptionAlgorithm string       `json:",omitempty"`
	KeyMetadata         *keyMetadata `json:",omitempty"`
}

type keyMetadata struct {
	Arn, KeyId, KeyState, KeyUsage, KeySpec string
	AWSAccountId                            string
	Enabled                                 bool
}

// refusal is one of KMS's errors.
type refusal struct{ code, message string }

const (
	maxRequest   = 64 << 10
	maxPlaintext = 4096 // of KMS's Encrypt
	maxDataKey   = 1024
)

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if loopback.IsForeign(r) {
		loopback.Refuse(w, "the local KMS does not answer pages of other sites or requests to other host names")
		return
	}
	var in request
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil || json.Unmarshal(body, &in) != nil {
		write(w, nil, &refusal{"SerializationException", "the request is not KMS's JSON"})
		return
	}
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	out, refused := s.answer(operation, in)
	write(w, out, refused)
}

func (s *Server) answer(operation string, in request) (*answer, *refusal) {
	if operation == "Decrypt" {
		return s.decrypt(in)
	}
	key, known := s.key(in.KeyID)
	if !known {
		return nil, &refusal{"NotFoundException", "Key '" + in.KeyID + "' does not exist"}
	}
	switch operation {
	case "Encrypt":
		if len(in.Plaintext) == 0 || len(in.Plaintext) > maxPlaintext {
			return nil, &refusal{"ValidationException", "Plaintext has 1 to 4096 bytes"}
		}
		return sealed(key, in.Plaintext, in.EncryptionContext, false)
	case "GenerateDataKey":
		size := in.NumberOfBytes
		if size == 0 {
			size = map[string]int{"AES_128": 16, "AES_256": 32}[in.KeySpec]
		}
		if size < 1 || size > maxDataKey {
			return nil, &refusal{"ValidationException", "NumberOfBytes or KeySpec: use 1 to 1024 bytes, AES_128 or AES_256"}
		}
		dataKey := make([]byte, size)
		_, _ = rand.Read(dataKey) // never fails
		return sealed(key, dataKey, in.EncryptionContext, true)
	case "DescribeKey":
		return &answer{KeyMetadata: &keyMetadata{Arn: key.ARN, KeyId: key.id(), KeyState: "Enabled", Enabled: true,
			KeyUsage: "ENCRYPT_DECRYPT", KeySpec: "SYMMETRIC_DEFAULT", AWSAccountId: Account}}, nil
	}
	return nil, &refusal{"UnknownOperationException", "the local KMS has Encrypt, Decrypt, GenerateDataKey, DescribeKey"}
}

// key finds a key by ARN or id. It knows no aliases.
func (s *Server) key(name string) (Key, bool) {
	key, known := s.keys[name[strings.LastIndexByte(name, '/')+1:]]
	return key, known && (name == key.ARN || name == key.id())
}

func sealed(key Key, plaintext []byte, context map[string]string, show bool) (*answer, *refusal) {
	blob, err := key.seal(plaintext, context)
	if err != nil {
		return nil, &refusal{"KMSInternalException", err.Error()}
	}
	out := &answer{KeyID: key.ARN, CiphertextBlob: blob}
	if show {
		out.Plaintext = plaintext
	} else {
		out.EncryptionAlgorithm = "SYMMETRIC_DEFAULT"
	}
	return out, nil
}

func (s *Server) decrypt(in request) (*answer, *refusal) {
	key, known := s.keys[keyOf(in.CiphertextBlob)]
	if in.KeyID != "" {
		wanted, exists := s.key(in.KeyID)
		if !exists {
			return nil, &refusal{"NotFoundException", "Key '" + in.KeyID + "' does not exist"}
		}
		if known && wanted.ARN != key.ARN {
			return nil, &refusal{"IncorrectKeyException",
				"The key ID in the request does not identify a CMK that can perform this operation."}
		}
	}
	if !known {
		return nil, &refusal{code: "InvalidCiphertextException"}
	}
	plaintext, err := key.open(in.CiphertextBlob, in.EncryptionContext)
	if err != nil {
		return nil, &refusal{code: "InvalidCiphertextException"}
	}
	return &answer{KeyID: key.ARN, Plaintext: plaintext, EncryptionAlgorithm: "SYMMETRIC_DEFAULT"}, nil
}

func write(w http.ResponseWriter, out *answer, refused *refusal) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	if refused != nil {
		w.Header().Set("X-Amzn-Errortype", refused.code)
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(map[string]string{ // fails only if the client is gone
			"__type": refused.code, "message": refused.message,
		})
		return
	}
	_ = json.NewEncoder(w).Encode(out)
}
