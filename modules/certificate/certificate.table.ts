import type { Generated, JSONColumnType } from 'kysely'
import type { Texts } from '../../core/errors.ts'
import type { CertificateState, Claim } from './certificate.ts'

declare module '../../core/database.ts' {
  interface Database {
    'certificate.series': {
      organisationId: string
      prefix: string
      region: string
      series: number
      lastNumber: number
    }
    'certificate.certificate': {
      id: Generated<string>
      caseId: string
      organisationId: string
      holderOrganisationId: string
      type: string
      title: JSONColumnType<Texts>
      number: string
      issuer: JSONColumnType<Texts>
      holder: string
      holderCode: string | null
      claims: JSONColumnType<Claim[]>
      issuedOn: string
      validUntil: string | null
      token: string
      state: CertificateState
      stateReason: string | null
      stateOn: string | null
      pdfSha256: string | null
      createdAt: Date
    }
  }
}
