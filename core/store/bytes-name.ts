/** The bytes as a text that names them in maps: one character for each, shorter to make than hex. */
export function bytesName(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}
