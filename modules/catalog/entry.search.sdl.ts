/** What a search of the directory answers: a page of entries and the counts of all hits. */
export const typeDefs = /* GraphQL */ `
  type EntryConnection {
    edges: [EntryEdge!]!
    pageInfo: PageInfo!
    "All hits of a search; null for a desk."
    total: Int
    facets: [EntryFacetCount!]!
  }

  type EntryEdge {
    node: Entry!
    cursor: String!
  }

  type EntryFacetCount {
    facet: EntryFacet!
    "What the filter of that name takes."
    value: String!
    "Of providers and themes; null where the value is a word of the API."
    label: LocalText
    count: Int!
  }

  enum EntryFacet {
    PROVIDER
    THEME
    SHARING_TYPE
    LEVEL
    STATE
    FORMAT
    GRADE
  }
`
