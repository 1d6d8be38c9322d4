import { escapeXml } from './xml.ts'
import type { LoggedCase, LoggedEvent } from './log.ts'

const EXTENSIONS = [
  ['Concept', 'concept'],
  ['Lifecycle', 'lifecycle'],
  ['Time', 'time'],
  ['Organizational', 'org'],
] as const

/**
 * The head of a log in IEEE 1849-2016 (XES): the standard extensions, what every trace and event carries, and the
 * classifiers by which events are one activity.
 */
export function xesHead(key: string, note: string): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">',
    ...EXTENSIONS.map(
      ([name, prefix]) =>
        `  <extension name="${name}" prefix="${prefix}" uri="http://www.xes-standard.org/${prefix}.xesext"/>`,
    ),
    '  <global scope="trace">',
    `    ${text('concept:name', '')}`,
    '  </global>',
    '  <global scope="event">',
    `    ${text('concept:name', '')}`,
    `    ${text('lifecycle:transition', 'complete')}`,
    `    ${date('time:timestamp', new Date(0))}`,
    '  </global>',
    '  <classifier name="Activity" keys="concept:name"/>',
    '  <classifier name="Activity and transition" keys="concept:name lifecycle:transition"/>',
    `  ${text('concept:name', key)}`,
    `  ${text('lifecycle:model', 'standard')}`,
    `  ${text('pseudonyms', note)}`,
    '',
  ].join('\n')
}

export const XES_END = '</log>\n'

export function xesTrace(
  { instanceId, version, organisationId, status }: LoggedCase,
  events: readonly LoggedEvent[],
): string {
  return [
    '  <trace>',
    `    ${text('concept:name', instanceId)}`,
    `    <int key="version" value="${version}"/>`,
    `    ${text('status', status)}`,
    `    ${text('org:group', organisationId)}`,
    ...events.map(xesEvent),
    '  </trace>',
    '',
  ].join('\n')
}

function xesEvent({ name, node, transition, at, officer, role, organisationId }: LoggedEvent): string {
  const attributes = [
    text('concept:name', name.zh),
    text('lifecycle:transition', transition),
    date('time:timestamp', at),
    ...(officer === null ? [] : [text('org:resource', officer)]),
    ...(role === null ? [] : [text('org:role', role)]),
    text('org:group', organisationId),
    text('node', node),
    text('nameEn', name.en),
  ]
  return `    <event>${attributes.join('')}</event>`
}

const text = (key: string, value: string) => `<string key="${key}" value="${escapeXml(value)}"/>`
const date = (key: string, at: Date) =>
  `<date key="${key}" value="${at.toISOString().replace('Z', '+00:00')}"/>`
