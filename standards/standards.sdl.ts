export const typeDefs = /* GraphQL */ `
  extend type Query {
    dataElements(search: String, first: Int = 20, after: String): DataElementConnection!
    "The newest version the reader may see."
    dataElement(code: String!): DataElement!
    recordSchemas(search: String, first: Int = 20, after: String): RecordSchemaConnection!
    "Latest version unless one is named."
    recordSchema(code: String!, version: String): RecordSchema!
    "Judges a value by an element (code or short name) or by a check algorithm's name."
    checkValue(element: String!, value: String!): ValueVerdict!
  }

  extend type Mutation {
    draftRecordSchema(commandId: UUID!, input: RecordSchemaInput!, newVersion: String): RecordSchema!
    """
    The answer's version may be a higher one: it follows the size of the change. A newVersion is refused when its step
    is smaller than the change needs, an expectedRevision when the draft has been changed meanwhile.
    """
    changeRecordSchema(
      commandId: UUID!
      code: String!
      version: String!
      input: RecordSchemaInput!
      newVersion: String
      expectedRevision: Int
    ): RecordSchema!
    draftDataElement(commandId: UUID!, input: DataElementInput!, newVersion: String): DataElement!
    changeDataElement(
      commandId: UUID!
      version: String!
      input: DataElementInput!
      newVersion: String
      expectedRevision: Int
    ): DataElement!
  }

  "A data element (GB/T 19488.1): the smallest thing a standard defines."
  type DataElement {
    "DE and 8 digits, never used twice."
    code: String!
    version: String!
    name: LocalText!
    shortName: String!
    synonyms: [String!]!
    definition: String!
    dataType: String!
    format: String!
    "Check algorithm: gb11643, gb32100, gb11714, tw-ubn, iban, luhn"
    check: String
    codeListId: String
    minLength: Int
    maxLength: Int
    "Classification, 1 public to 4 most protected."
    level: Int!
    normalisers: [String!]!
    placeholders: [String!]!
    status: StandardStatus!
    "One more with each change of the draft."
    revision: Int!
    personal: Boolean!
    examples: [ElementExample!]!
    basis: [String!]!
  }

  type ElementExample {
    value: String!
    good: Boolean!
  }

  enum StandardStatus {
    DRAFT
    REVIEW
    PUBLISHED
    DEPRECATED
    RETIRED
  }

  type RecordSchema {
    code: String!
    version: String!
    name: LocalText!
    status: StandardStatus!
    "One more with each change of the draft."
    revision: Int!
    organisation: Organisation!
    draftedBy: String!
    submittedBy: String
    approvedBy: String
    publishedAt: DateTime
    "Why a reviewer sent it back."
    remark: String
    columns: [SchemaColumn!]!
    primaryKey: [String!]!
    "Share of rejected rows above which a batch stops, 0 to 1."
    maxRejectedRate: Float!
    "establishment: each row is a factory or branch with a number of its own, part of the company its foreign key gives."
    entity: String
    "JSON Schema 2020-12 of a stored record."
    jsonSchema: JSON!
    formFields: JSON!
    validatorSql: String!
    "Every version the reader may see, the newest first."
    versions: [RecordSchema!]!
    mayEdit: Boolean!
  }

  type SchemaColumn {
    name: String!
    "The versions of the element that the column takes, such as ^1.0.0."
    elementRange: String!
    element: DataElement!
    "Instead of the element's name."
    label: LocalText
    synonyms: [String!]!
    required: Boolean!
    role: String!
    calendar: String
    severity: String
  }

  "reason: shape, check-digit, date, placeholder, missing, unreadable, type, range, length, pattern, code or expired"
  type ValueVerdict {
    valid: Boolean!
    reason: String
  }

  input RecordSchemaInput {
    code: String!
    name: LocalTextInput!
    columns: [SchemaColumnInput!]!
    primaryKey: [String!]!
    "0.05 unless said."
    maxRejectedRate: Float
    "establishment, or nothing"
    entity: String
  }

  input SchemaColumnInput {
    name: String!
    elementCode: String!
    "^2.0.0 or one exact version; unless said what is bound already, of a new column the major in force."
    elementRange: String
    required: Boolean!
    "key, foreign-key, attribute or event-time"
    role: String
    "gregorian, roc, japanese or auto; only for dates"
    calendar: String
    "reject or warn"
    severity: String
    label: LocalTextInput
    synonyms: [String!]
    maxLength: Int
  }

  input DataElementInput {
    code: String!
    name: LocalTextInput!
    shortName: String!
    synonyms: [String!]
    definition: String!
    objectClass: String!
    property: String!
    representation: String!
    dataType: String!
    format: String!
    minLength: Int
    maxLength: Int
    minimum: Float
    maximum: Float
    unit: String
    pattern: String
    codeListId: String
    check: String
    placeholders: [String!]
    nullWords: [String!]
    normalisers: [String!]
    level: Int
    personal: Boolean
    sensitive: Boolean
    mask: String
    examples: [ElementExampleInput!]
    basis: [String!]
  }

  input ElementExampleInput {
    value: String!
    good: Boolean!
  }

  input LocalTextInput {
    zh: String!
    en: String!
  }

  type DataElementConnection {
    edges: [DataElementEdge!]!
    pageInfo: PageInfo!
  }
  type DataElementEdge {
    node: DataElement!
    cursor: String!
  }
  type RecordSchemaConnection {
    edges: [RecordSchemaEdge!]!
    pageInfo: PageInfo!
  }
  type RecordSchemaEdge {
    node: RecordSchema!
    cursor: String!
  }
`
