// A judge that is not ours: the library of Go's checksum database opens our checkpoints and proves every entry, and that
// every size extends every smaller one, from the static files alone.
//
//	check VKEY FOLDER...
//
// Prints one line a folder and one a pair; exit status 1 at the first thing that does not hold.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8
const width = 1 << height
const readThroughLibrary = 64 // entries also proved through TileHashReader, which authenticates each tile anew

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// number is the path of a tile's index: x001/x234/067.
func number(n int64) string {
	path := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		path = fmt.Sprintf("x%03d/%s", n%1000, path)
	}
	return path
}

func partial(w int) string {
	if w == width {
		return ""
	}
	return fmt.Sprintf(".p/%d", w)
}

// treeLog is one folder at the size of its checkpoint.
type treeLog struct {
	dir   string
	tree  tlog.Tree
	cache map[string][]byte
	nodes map[[2]int64]tlog.Hash
}

func open(dir string, verifier note.Verifier) *treeLog {
	bytes, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	must(err)
	opened, err := note.Open(bytes, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	must(err)
	l := &treeLog{dir: dir, cache: map[string][]byte{}, nodes: map[[2]int64]tlog.Hash{}}
	l.tree.N = size
	copy(l.tree.Hash[:], root)
	return l
}

func (l *treeLog) file(path string) []byte {
	if bytes, ok := l.cache[path]; ok {
		return bytes
	}
	bytes, err := os.ReadFile(filepath.Join(l.dir, path))
	must(err)
	l.cache[path] = bytes
	return bytes
}

// The library's way: it asks for tiles and authenticates them against the root.
func (l *treeLog) Height() int { return height }
func (l *treeLog) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, tile := range tiles {
		data[i] = l.file(fmt.Sprintf("tile/%d/%s%s", tile.L, number(tile.N), partial(tile.W)))
	}
	return data, nil
}
func (l *treeLog) SaveTiles([]tlog.Tile, [][]byte) {}

// The quick way: hashes straight from the tiles, those between two levels of tiles computed. Nothing is authenticated
// here: CheckRecord holds each proof against the signed root.
func (l *treeLog) node(level int, n int64) tlog.Hash {
	key := [2]int64{int64(level), n}
	if hash, ok := l.nodes[key]; ok {
		return hash
	}
	var hash tlog.Hash
	if level%height == 0 {
		count := l.tree.N >> uint(level)
		tile, w := n/width, int64(width)
		if rest := count - tile*width; rest < w {
			w = rest
		}
		bytes := l.file(fmt.Sprintf("tile/%d/%s%s", level/height, number(tile), partial(int(w))))
		copy(hash[:], bytes[(n%width)*32:])
	} else {
		hash = tlog.NodeHash(l.node(level-1, 2*n), l.node(level-1, 2*n+1))
	}
	l.nodes[key] = hash
	return hash
}
func (l *treeLog) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		level, n := tlog.SplitStoredHashIndex(index)
		hashes[i] = l.node(level, n)
	}
	return hashes, nil
}

func (l *treeLog) entries(visit func(n int64, entry []byte)) {
	for first := int64(0); first < l.tree.N; first += width {
		w := int64(width)
		if rest := l.tree.N - first; rest < w {
			w = rest
		}
		bytes := l.file(fmt.Sprintf("tile/entries/%s%s", number(first/width), partial(int(w))))
		for i := int64(0); i < w; i++ {
			size := int(binary.BigEndian.Uint16(bytes))
			visit(first+i, bytes[2:2+size])
			bytes = bytes[2+size:]
		}
		if len(bytes) > 0 {
			must(fmt.Errorf("%s: bytes behind the last entry of a bundle", l.dir))
		}
	}
}

func main() {
	verifier, err := note.NewVerifier(os.Args[1])
	must(err)
	var logs []*treeLog
	for _, dir := range os.Args[2:] {
		l := open(dir, verifier)
		proved, read := 0, 0
		library := tlog.TileHashReader(l.tree, l)
		step := l.tree.N/readThroughLibrary + 1
		l.entries(func(n int64, entry []byte) {
			hash := tlog.RecordHash(entry)
			proof, err := tlog.ProveRecord(l.tree.N, n, l)
			must(err)
			must(tlog.CheckRecord(proof, l.tree.N, l.tree.Hash, n, hash))
			proved++
			if n%step == 0 || n == l.tree.N-1 {
				proof, err = tlog.ProveRecord(l.tree.N, n, library)
				must(err)
				must(tlog.CheckRecord(proof, l.tree.N, l.tree.Hash, n, hash))
				read++
			}
		})
		fmt.Printf("size %d: %d entries proved, %d of them through authenticated tiles\n", l.tree.N, proved, read)
		logs = append(logs, l)
	}
	for _, new := range logs {
		for _, old := range logs {
			if old.tree.N >= new.tree.N {
				continue
			}
			proof, err := tlog.ProveTree(new.tree.N, old.tree.N, tlog.TileHashReader(new.tree, new))
			must(err)
			must(tlog.CheckTree(proof, new.tree.N, new.tree.Hash, old.tree.N, old.tree.Hash))
			fmt.Printf("%d extends %d\n", new.tree.N, old.tree.N)
		}
	}
}
