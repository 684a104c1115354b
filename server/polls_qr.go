package server

import (
	"fmt"
	"image/color"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// quiet is the white margin that a QR code needs on each side, in modules.
const quietZone = 4

// qrDrawing is a QR code as the path of a drawing: <svg viewBox="0 0 size size"><path d=path/></svg>. The browser draws all but
// those of pages without a script.
type qrDrawing struct {
	Size int // modules, with the quiet zone
	Path string
}

// qrOf draws a text as a QR code of medium error correction: paper gets folded.
func qrOf(text string) (qrDrawing, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return qrDrawing{}, fmt.Errorf("qr code: %w", err)
	}
	b := code.Bounds()
	var path strings.Builder
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			start := x
			for x < b.Max.X && dark(code.At(x, y)) {
				x++
			}
			if x > start {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", start-b.Min.X+quietZone, y-b.Min.Y+quietZone, x-start, x-start)
			}
		}
	}
	return qrDrawing{Size: b.Dx() + 2*quietZone, Path: path.String()}, nil
}

func dark(c color.Color) bool {
	r, _, _, _ := c.RGBA()
	return r < 0x8000
}
