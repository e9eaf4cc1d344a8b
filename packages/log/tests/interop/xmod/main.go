// Verifies a published log with golang.org/x/mod, the code behind Go's checksum database: the signed checkpoint, the
// tree hash through the tiles, inclusion proofs of the entries and consistency proofs. Arguments: the log's public
// folder and its verifier key.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// reader reads tiles at their C2SP paths, which drop the height that x/mod puts first.
type reader struct{ dir string }

func (r reader) Height() int { return 8 }
func (r reader) path(t tlog.Tile) string {
	p := strings.TrimPrefix(t.Path(), "tile/8/")
	return r.dir + "/tile/" + p
}
func (r reader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, t := range tiles {
		b, err := os.ReadFile(r.path(t))
		if err != nil {
			full := t
			full.W = 256
			b, err = os.ReadFile(r.path(full))
			if err != nil {
				return nil, err
			}
			b = b[:t.W*32]
		}
		out = append(out, b)
	}
	return out, nil
}
func (r reader) SaveTiles([]tlog.Tile, [][]byte) {}

func main() {
	dir, vkey := os.Args[1], os.Args[2]
	v, err := note.NewVerifier(vkey)
	if err != nil {
		panic(err)
	}
	msg, _ := os.ReadFile(dir + "/checkpoint")
	n, err := note.Open(msg, note.VerifierList(v))
	if err != nil {
		panic(err)
	}
	lines := strings.Split(n.Text, "\n")
	var size int64
	fmt.Sscan(lines[1], &size)
	root, _ := base64.StdEncoding.DecodeString(lines[2])
	var h tlog.Hash
	copy(h[:], root)
	tree := tlog.Tree{N: size, Hash: h}
	hr := tlog.TileHashReader(tree, reader{dir})
	th, err := tlog.TreeHash(size, hr)
	if err != nil || th != h {
		panic(fmt.Sprint("tree hash", err))
	}
	checked := 0
	for i := int64(0); i < size; i += 1 + size/3000 {
		p, err := tlog.ProveRecord(size, i, hr)
		if err != nil {
			panic(err)
		}
		idx := i / 256
		b, err := os.ReadFile(fmt.Sprintf("%s/%s", dir, entriesPath(idx, size)))
		if err != nil {
			panic(err)
		}
		for k := int64(0); k < i%256; k++ {
			b = b[2+binary.BigEndian.Uint16(b):]
		}
		e := b[2 : 2+binary.BigEndian.Uint16(b)]
		if err := tlog.CheckRecord(p, size, h, i, tlog.RecordHash(e)); err != nil {
			panic(err)
		}
		checked++
	}
	trees := 0
	for m := int64(1); m < size; m += 1 + size/500 {
		p, err := tlog.ProveTree(size, m, hr)
		if err != nil {
			panic(err)
		}
		oh, _ := tlog.TreeHash(m, hr)
		if err := tlog.CheckTree(p, size, h, m, oh); err != nil {
			panic(err)
		}
		trees++
	}
	fmt.Println("x/mod: checkpoint, tree hash,", checked, "inclusions,", trees, "consistency proofs of", size, "ok")
}

// entriesPath is where C2SP keeps the bundle that x/mod calls data.
func entriesPath(idx, size int64) string {
	p := strings.TrimPrefix(tlog.Tile{H: 8, L: -1, N: idx, W: 256}.Path(), "tile/8/data/")
	p = "tile/entries/" + p
	if (idx+1)*256 > size {
		p += fmt.Sprintf(".p/%d", size%256)
	}
	return p
}
