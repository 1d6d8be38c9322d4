/**
 * Whether a key may name a file that somebody placed: parts separated by `/`, none of them empty, hidden, a way
 * upwards or with characters that no register's name needs. Also true of a prefix without its last `/`.
 */
export function isPlacedName(name: string): boolean {
  return name.length <= 900 && name.split('/').every((part) => /^[^./\\\p{C}][^/\\\p{C}]*$/u.test(part))
}
