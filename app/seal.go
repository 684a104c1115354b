package app

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"

	"gongzhi/ballot"
	"gongzhi/store"
)

// sealLabel tells this use of the installation's secret apart from all others, and from a later way of sealing.
const sealLabel = "gongzhi notify choices 1"

// sealKey is the key for what people entrust to the store. It comes from the secret of the votes: the only one that every installation
// has, and that server and workers share. GONGZHI_PAYLOAD_KEY may be left out.
func sealKey(secret ballot.Secret) ([32]byte, error) {
	key, err := hkdf.Key(sha256.New, secret[:], nil, sealLabel, 32)
	if err != nil {
		return [32]byte{}, err
	}
	return [32]byte(key), nil
}

// seal gives the store its key.
func seal(ctx context.Context, s *store.Store, secret ballot.Secret) error {
	key, err := sealKey(secret)
	if err != nil {
		return err
	}
	return s.SealWith(ctx, key)
}
