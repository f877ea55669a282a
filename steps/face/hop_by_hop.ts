/** Headers of one connection (RFC 9110, 7.6.1), and what its own server has answered: not passed on. */
export const hopByHop: readonly string[] = [
  "connection",
  "expect",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];
