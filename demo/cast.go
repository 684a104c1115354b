package demo

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"net/http"

	"gongzhi/ballot"
)

// cast has everybody vote: some on paper, read by two people, one at the door, the others with the code of their letter.
func (v *vote) cast() error {
	if err := v.open(); err != nil {
		return err
	}
	letters, err := v.letters()
	if err != nil {
		return err
	}
	choices := v.choices(letters)
	resident := Anonymous(v.base)
	paper, receipts := v.paper, 0
	var last ballot.Receipt
	for _, l := range letters {
		choice, votes := choices[l.No]
		switch {
		case !votes:
		case paper > 1:
			paper--
			err = v.onPaper(l, choice)
		case paper == 1:
			paper--
			err = v.atDoor(l, choice)
		default:
			receipts++
			err = resident.Do(v.ctx, http.MethodPost, "/vote/cast", map[string]any{"code": l.Code, "choice": choice}, &last)
		}
		if err != nil {
			return fmt.Errorf("表决票 %s：%w", l.No, err)
		}
	}
	v.note("%d 人表决，其中网上 %d 人", len(choices), receipts)
	return v.checkReceipt(resident, last)
}

// open waits until the window is open.
func (v *vote) open() error {
	c, err := v.as(v.organiser)
	if err != nil {
		return err
	}
	return until(v.ctx, "表决开始", func() (bool, error) {
		var b struct{ Poll ballot.Poll }
		err := c.Get(v.ctx, "/polls/"+v.number, &b)
		return b.Poll.State == ballot.Open, err
	})
}

func (v *vote) letters() (all []letter, err error) {
	c, err := v.as(v.organiser)
	if err != nil {
		return nil, err
	}
	for after := ""; ; {
		var page struct {
			Items []letter
			Next  string
		}
		if err := c.Do(v.ctx, http.MethodPost, "/polls/"+v.number+"/letters", map[string]any{"after": after, "limit": 200}, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if after = page.Next; after == "" {
			return all, nil
		}
	}
}

// onPaper: two people read the sheet.
func (v *vote) onPaper(l letter, choice ballot.Choice) error {
	for _, login := range []string{v.organiser, v.witness} {
		c, err := v.as(login)
		if err != nil {
			return err
		}
		if err := c.Do(v.ctx, http.MethodPost, "/polls/"+v.number+"/sheets", map[string]any{"voter": l.No, "choice": choice}, nil); err != nil {
			return err
		}
	}
	return nil
}

func (v *vote) atDoor(l letter, choice ballot.Choice) error {
	c, err := v.as(v.organiser)
	if err != nil {
		return err
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 64, 64))); err != nil {
		return err
	}
	photo, err := c.Attach(v.ctx, "表决票照片.png", picture.Bytes())
	if err != nil {
		return err
	}
	return c.Do(v.ctx, http.MethodPost, "/polls/"+v.number+"/door",
		map[string]any{"voter": l.No, "choice": choice, "files": []string{photo}, "witness": "示例-邻里见证"}, nil)
}

// checkReceipt has a resident check that the ballot is in the ledger.
func (v *vote) checkReceipt(resident *Client, r ballot.Receipt) error {
	var proof ballot.Proof
	err := until(v.ctx, "回执的证明", func() (bool, error) {
		err := resident.Get(v.ctx, "/public/polls/"+v.number+"/receipts/"+r.Tracker, &proof)
		var problem *Problem
		if errors.As(err, &problem) && problem.Status == http.StatusConflict { // the next checkpoint has it
			return false, nil
		}
		return err == nil, err
	})
	if err != nil {
		return err
	}
	var public struct{ Verifier string }
	if err := resident.Get(v.ctx, "/public/polls/"+v.number, &public); err != nil {
		return err
	}
	v.expect("回执 "+r.Tracker+" 可以离线核验", ballot.VerifyProof(proof, public.Verifier) == nil, true)
	return nil
}
