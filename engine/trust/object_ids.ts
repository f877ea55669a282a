/** Object identifiers of keys (RFC 5480, RFC 8017, RFC 8410): the content of their DER, in hex. */
export const objectIds = {
  ecPublicKey: "2a8648ce3d0201",
  p256: "2a8648ce3d030107",
  p384: "2b81040022",
  p521: "2b81040023",
  rsa: "2a864886f70d010101",
  ed25519: "2b6570",
} as const;
