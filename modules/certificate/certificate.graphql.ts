import type { Resolvers } from '../../core/module.ts'
import type { Certificate } from './certificate.ts'
import * as certificates from './certificate.service.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    "What a certificate's QR code is worth today. Open to everybody."
    verifyCertificate(token: String!): CertificateVerification!
  }

  "The PDF is at /api/certificates/{id}.pdf, for the holder and the issuing body."
  type Certificate {
    id: UUID!
    number: String! @element(code: "DE00000232")
    title: LocalText!
    issuedOn: Date! @element(code: "DE00000235")
    "The last day it is valid; null without an end."
    validUntil: Date @element(code: "DE00000236")
    "valid, suspended, revoked or expired"
    status: String!
    "Whether the PDF can be downloaded already."
    ready: Boolean!
    "What the QR code leads to."
    verifyUrl: String!
    token: String!
  }

  type CertificateVerification {
    "valid, suspended, revoked, expired, altered or unknown-issuer; the last two come without data"
    result: String!
    number: String
    holder: String
    issuer: LocalText
    issuedOn: Date
    validUntil: Date
    "A list of { name, label: { zh, en }, value }, where value is a text or { zh, en }"
    claims: JSON
  }
`

export const resolvers: Resolvers = {
  Query: {
    verifyCertificate: (_, { token }: { token: string }, ctx) => certificates.verify(ctx, token),
  },
  Certificate: {
    status: (certificate: Certificate, _, ctx) => certificates.statusNow(ctx, certificate),
    ready: ({ pdfSha256 }: Certificate) => pdfSha256 !== null,
    verifyUrl: (certificate: Certificate, _, ctx) => certificates.verifyUrl(ctx, certificate),
  },
}
