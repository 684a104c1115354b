package app

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"google.golang.org/protobuf/proto"
)

// encoding marks payloads that this program has encrypted.
const encoding = "binary/gongzhi-aes-gcm"

// sealer encrypts payloads with AES-256-GCM, so that whoever can read the engine's database cannot read a case.
type sealer struct {
	aead cipher.AEAD
	id   string // of the key, so that a wrong key is told apart from a broken payload
}

func payloadKey(text string) ([]byte, error) {
	key, err := hex.DecodeString(text)
	if err != nil || len(key) != 32 {
		return nil, errors.New("GONGZHI_PAYLOAD_KEY 须为 64 位十六进制数")
	}
	return key, nil
}

func newSealer(text string) (*sealer, error) {
	key, err := payloadKey(text)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(key)
	return &sealer{aead: aead, id: hex.EncodeToString(sum[:4])}, nil
}

// Encode implements converter.PayloadCodec.
func (s *sealer) Encode(in []*commonpb.Payload) ([]*commonpb.Payload, error) {
	out := make([]*commonpb.Payload, len(in))
	for i, p := range in {
		plain, err := proto.Marshal(p)
		if err != nil {
			return nil, err
		}
		nonce := make([]byte, s.aead.NonceSize())
		if _, err := rand.Read(nonce); err != nil {
			return nil, err
		}
		out[i] = &commonpb.Payload{
			Metadata: map[string][]byte{converter.MetadataEncoding: []byte(encoding), "key": []byte(s.id)},
			Data:     s.aead.Seal(nonce, nonce, plain, []byte(s.id)),
		}
	}
	return out, nil
}

// Decode implements converter.PayloadCodec. What was never encrypted passes through.
func (s *sealer) Decode(in []*commonpb.Payload) ([]*commonpb.Payload, error) {
	out := make([]*commonpb.Payload, len(in))
	for i, p := range in {
		if string(p.Metadata[converter.MetadataEncoding]) != encoding {
			out[i] = p
			continue
		}
		if id := string(p.Metadata["key"]); id != s.id {
			return nil, fmt.Errorf("payload is encrypted with key %s, this program has %s", id, s.id)
		}
		n := s.aead.NonceSize()
		if len(p.Data) < n {
			return nil, errors.New("payload is too short")
		}
		plain, err := s.aead.Open(nil, p.Data[:n], p.Data[n:], []byte(s.id))
		if err != nil {
			return nil, fmt.Errorf("payload: %w", err)
		}
		out[i] = new(commonpb.Payload)
		if err := proto.Unmarshal(plain, out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// converters are what client, worker and replayer must share.
func converters(key string) (converter.DataConverter, converter.FailureConverter, error) {
	if key == "" {
		return converter.GetDefaultDataConverter(), temporal.GetDefaultFailureConverter(), nil
	}
	s, err := newSealer(key)
	if err != nil {
		return nil, nil, err
	}
	data := converter.NewCodecDataConverter(converter.GetDefaultDataConverter(), s)
	failure := temporal.NewDefaultFailureConverter(temporal.DefaultFailureConverterOptions{DataConverter: data, EncodeCommonAttributes: true})
	return data, failure, nil
}
