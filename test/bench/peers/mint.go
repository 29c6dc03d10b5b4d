// Mints with crypto/x509. Reads lines "work calls", and answers with the milliseconds of one call; to "heap identities" with kilobytes an identity and milliseconds.
package main

import (
	"bufio"
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"runtime"
	"time"
)

type authority struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

type identity struct{ certificate, key []byte }

func main() {
	ec := newAuthority(newEcKey(), nil)
	rsaKey := newRsaKey()
	rsaAuthority := newAuthority(newRsaKey(), nil)
	works := map[string]func(){
		"leaf":         func() { ec.leaf(newEcKey()) },
		"chain":        func() { root := newAuthority(newEcKey(), nil); newAuthority(newEcKey(), root).leaf(newEcKey()) },
		"rsaLeaf":      func() { rsaAuthority.leaf(newRsaKey()) },
		"rsaLeafOfKey": func() { rsaAuthority.leaf(rsaKey) },
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var work string
		var calls int
		fmt.Sscan(lines.Text(), &work, &calls)
		if work == "heap" {
			heap(ec, calls)
			continue
		}
		start := time.Now()
		for call := 0; call < calls; call++ {
			works[work]()
		}
		fmt.Println(milliseconds(start) / float64(calls))
	}
}

func heap(ec *authority, count int) {
	identities := make([]identity, count)
	before := inUse()
	start := time.Now()
	for index := range identities {
		identities[index] = ec.leaf(newEcKey())
	}
	elapsed := milliseconds(start)
	kilobytes := (inUse() - before) / 1024 / float64(count)
	runtime.KeepAlive(identities)
	fmt.Println(elapsed, kilobytes)
}

func inUse() float64 {
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return float64(memory.HeapAlloc)
}

func milliseconds(start time.Time) float64 {
	return float64(time.Since(start).Nanoseconds()) / 1e6
}

func newAuthority(key crypto.Signer, issuer *authority) *authority {
	template := templateOf("bench CA", key)
	template.IsCA = true
	template.BasicConstraintsValid = true
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	if issuer == nil {
		issuer = &authority{template, key}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer.certificate, key.Public(), issuer.key)
	check(err)
	certificate, err := x509.ParseCertificate(der)
	check(err)
	return &authority{certificate, key}
}

func (issuer *authority) leaf(key crypto.Signer) identity {
	template := templateOf("localhost", key)
	template.BasicConstraintsValid = true
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	template.DNSNames = []string{"localhost"}
	template.IPAddresses = []net.IP{net.ParseIP("127.0.0.1"), net.ParseIP("::1")}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer.certificate, key.Public(), issuer.key)
	check(err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	check(err)
	return identity{armour("CERTIFICATE", der), armour("PRIVATE KEY", pkcs8)}
}

func templateOf(name string, key crypto.Signer) *x509.Certificate {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	check(err)
	spki, err := x509.MarshalPKIXPublicKey(key.Public())
	check(err)
	identifier := sha1.Sum(spki)
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(24 * time.Hour),
		SubjectKeyId: identifier[:],
	}
}

func armour(label string, der []byte) []byte {
	var text bytes.Buffer
	check(pem.Encode(&text, &pem.Block{Type: label, Bytes: der}))
	return text.Bytes()
}

func newEcKey() crypto.Signer {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	return key
}

func newRsaKey() crypto.Signer {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	check(err)
	return key
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
