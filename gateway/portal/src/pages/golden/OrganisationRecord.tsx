import { Button } from 'antd'
import { useState } from 'react'
import { useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import type { OrganisationRecordQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link, navigate, usePlace, withQuery } from '../../router.tsx'
import { useSession } from '../../session.tsx'
import { Establishments } from './Establishments.tsx'
import { FormerNames } from './FormerNames.tsx'
import { Origin } from './Origin.tsx'
import { OverrideForm } from './OverrideForm.tsx'
import { OwnRows, type OwnRow } from './OwnRows.tsx'
import { RECORD } from './record.ts'

type Field = OrganisationRecordQuery['organisationRecord']['fields'][number]

/** One organisation with, beside each value, who says so, since when, how trusted, and who says otherwise. */
export function OrganisationRecord({ id = '' }: { id?: string }) {
  const text = useText(TEXT)
  const place = usePlace()
  const purpose = place.query.get('purpose')
  if (!purpose)
    return (
      <StaffPage title={text.why} lead={text.whyHint}>
        <ul className="task-list">
          {Object.entries(text.purposes).map(([code, words]) => (
            <li key={code}>
              <a
                href={withQuery(place, { purpose: code })}
                onClick={(event) => {
                  event.preventDefault()
                  navigate(withQuery(place, { purpose: code }))
                }}
              >
                {words}
              </a>
            </li>
          ))}
        </ul>
      </StaffPage>
    )
  return <Record id={id} purpose={purpose} />
}

function Record({ id, purpose }: { id: string; purpose: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  const session = useSession()
  const [edited, setEdited] = useState<Field>()
  const query = useQuery(RECORD, { key: id, purpose })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const record = query.data.organisationRecord
  const mayOverride = session.state === 'signed-in' && session.me.permissions.includes('golden.overrideValue')
  return (
    <StaffPage
      title={record.name}
      lead={
        <>
          <code>{record.key}</code> · {text.asOf} {format.time(record.asOfAt)}
        </>
      }
    >
      {edited && (
        <OverrideForm
          key={edited.name}
          recordKey={record.key}
          field={edited}
          onDone={query.reload}
          onClose={() => setEdited(undefined)}
        />
      )}
      <DataTable<Field>
        caption={record.name}
        rows={record.fields}
        rowKey={({ name }) => name}
        columns={[
          {
            title: text.field,
            cell: ({ name, label }) => (
              <Link to={`/catalogue/${id}/fields/${name}?purpose=${encodeURIComponent(purpose)}`}>
                {say(label)}
              </Link>
            ),
          },
          { title: text.value, cell: ({ value }) => value ?? <span className="quiet">{text.unknown}</span> },
          {
            title: text.source,
            cell: ({ source, overriddenBy }) => (
              <>
                {source && <Origin source={source} />}
                {overriddenBy && (
                  <p className="field-origin" data-overridden={overriddenBy.id}>
                    <span>{say(overriddenBy.organisation.name)}</span>
                    <span>{text.until(format.day(overriddenBy.expiresOn))}</span>
                  </p>
                )}
              </>
            ),
          },
          { title: text.rule, cell: (field) => <Why field={field} /> },
          {
            title: text.others,
            cell: ({ runnersUp }) =>
              runnersUp.map((source) => (
                <div key={`${source.datasetId}${source.line}`}>
                  {source.value}
                  <Origin source={source} />
                </div>
              )),
          },
          ...(mayOverride
            ? [
                {
                  title: text.change,
                  cell: (field: Field) =>
                    field.value === record.key ? null : field.overriddenBy ? (
                      <Link to="/data/corrections">{text.corrections}</Link>
                    ) : (
                      <Button onClick={() => setEdited(field)} aria-label={text.changeOf(say(field.label))}>
                        {text.override}
                      </Button>
                    ),
                },
              ]
            : []),
        ]}
      />
      <FormerNames names={record.formerNames} />
      <Establishments partOf={record.key} purpose={purpose} />
      {session.state === 'signed-in' && session.me.permissions.includes('golden.decideLink') && (
        <OwnRows recordKey={record.key} rows={rowsOf(session.me.organisation.id, record.fields)} />
      )}
    </StaffPage>
  )
}

/** Each row of the organisation's registers that the record is made of, once. */
function rowsOf(organisationId: string, fields: readonly Field[]): OwnRow[] {
  const sources = fields.flatMap(({ source, runnersUp }) => [...(source ? [source] : []), ...runnersUp])
  const own = sources.filter(({ organisation }) => organisation.id === organisationId)
  return [...new Map(own.map((each) => [`${each.datasetId} ${each.rowId}`, each])).values()]
}

/** What decided; opened, the whole answer to «why is this value here», and why each other value is not. */
function Why({ field }: { field: Field }) {
  const text = useText(TEXT)
  const say = useSay()
  const { text: why, lost } = field.explanation
  return (
    <details data-why={field.name}>
      <summary>{ruleWord(text.rules, field.rule)}</summary>
      <div>
        <p>{say(why)}</p>
        {lost.length > 0 && (
          <ul className="reasons">
            {lost.map(({ text: words, reason }, at) => (
              <li key={at} data-lost={reason}>
                {say(words)}
              </li>
            ))}
          </ul>
        )}
      </div>
    </details>
  )
}

const ruleWord = (rules: Readonly<Record<string, string>>, rule: string) => rules[rule] ?? rule

const TEXT = {
  zh: {
    why: '为什么要查看这条记录？',
    whyHint: '每次查看都会记下时间、人员和用途。',
    purposes: { handling: '办理办件', quality: '核对和治理数据', supervision: '督办检查' },
    asOf: '截至',
    field: '数据项',
    value: '现值',
    source: '来自',
    rule: '为什么是这个值',
    until: (day: string) => `人工修正，有效至${day}`,
    change: '修正',
    override: '人工修正',
    changeOf: (label: string) => `人工修正：${label}`,
    corrections: '查看修正',
    rules: {
      'only-source': '唯一来源',
      'only-sound': '唯一有效',
      'legal-source': '法定来源',
      'current-name': '现用名称',
      freshest: '最新',
      'source-rank': '来源等级',
      'smallest-id': '次序在先',
      'none-sound': '没有有效值',
      override: '人工修正',
    },
    others: '其他部门的记载',
    unknown: '没有记载',
  },
  en: {
    why: 'Why do you look at this record?',
    whyHint: 'Each look is recorded with its time, person and purpose.',
    purposes: {
      handling: 'To handle a case',
      quality: 'To check and repair data',
      supervision: 'For supervision',
    },
    asOf: 'as of',
    field: 'Item',
    value: 'Value',
    source: 'From',
    rule: 'Why this value',
    until: (day: string) => `override until ${day}`,
    change: 'Correct',
    override: 'Override',
    changeOf: (label: string) => `Override: ${label}`,
    corrections: 'See corrections',
    rules: {
      'only-source': 'only source',
      'only-sound': 'only sound value',
      'legal-source': 'legal source',
      'current-name': 'current name',
      freshest: 'freshest',
      'source-rank': 'source rank',
      'smallest-id': 'first in order',
      'none-sound': 'no sound value',
      override: 'override',
    },
    others: 'What others say',
    unknown: 'not recorded',
  },
}
