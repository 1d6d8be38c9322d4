/** The first third of a value, at most three characters; of the rest only its separators. */
export function masked(value: string): string {
  const characters = [...value.slice(0, 60)]
  const shown = Math.min(3, Math.floor(characters.length / 3))
  return characters.map((each, at) => (at < shown || /[\s\-./:,@]/.test(each) ? each : '*')).join('')
}
