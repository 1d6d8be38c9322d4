// opencc-js ships these tables without types of their own.
declare module 'opencc-js/from/cn' {
  const dictionaries: import('opencc-js/core').DictGroup[]
  export default dictionaries
}
declare module 'opencc-js/to/twp' {
  const dictionaries: import('opencc-js/core').DictGroup[]
  export default dictionaries
}
