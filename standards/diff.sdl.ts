export const typeDefs = /* GraphQL */ `
  type EditionDiff {
    counts: EditionCounts!
    "In the order of the newer edition, the removed codes last."
    changes(
      kinds: [CodeChangeKind!]! = [RENAMED, MOVED, ADDED, REMOVED]
      first: Int = 50
      after: String
    ): CodeChangeConnection!
    notes: [CodeNote!]!
  }

  "old = unchanged + renamed + moved + removed; new = unchanged + renamed + moved + added"
  type EditionCounts {
    old: Int!
    new: Int!
    unchanged: Int!
    renamed: Int!
    moved: Int!
    added: Int!
    removed: Int!
    recoded: Int!
    split: Int!
    merged: Int!
  }

  enum CodeChangeKind {
    UNCHANGED
    RENAMED
    MOVED
    ADDED
    REMOVED
  }

  type CodeChange {
    kind: CodeChangeKind!
    code: String!
    oldName: String
    newName: String
    oldParent: String
    newParent: String
  }

  enum CodeNoteKind {
    RECODED
    SPLIT
    MERGED
  }

  type CodeNote {
    kind: CodeNoteKind!
    from: [String!]!
    to: [String!]!
    "By successors or a crosswalk; otherwise only proposed from equal names."
    declared: Boolean!
  }
`
