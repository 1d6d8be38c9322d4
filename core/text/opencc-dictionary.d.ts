declare module 'opencc-js/dict/TSCharacters' {
  /** `traditional simplified` pairs, parted by `|`. */
  const dictionary: string
  export default dictionary
}
