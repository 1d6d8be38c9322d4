import { lookup } from 'node:dns/promises'
import { BlockList, connect, isIP, type LookupFunction } from 'node:net'
import type { Address, Network } from './connector.ts'
import { codeOf, errors } from './refusals.ts'

/** Loopback, private, link-local (with the metadata services), shared, reserved, documentation, multicast. */
const INTERNAL = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/32',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
] as const

const internal = listOf(INTERNAL)

/**
 * Resolves a host once; whoever connects uses the address, not the name, so that a name cannot lead elsewhere
 * on its second look-up. Refused when any of its addresses is internal and not permitted.
 *
 * @throws CATALOG_SOURCE_ADDRESS_REFUSED, CATALOG_SOURCE_NAME_UNRESOLVED
 */
export async function resolveAddress(
  host: string,
  port: number,
  network: Network,
  resolve: (host: string) => Promise<readonly { address: string; family: number }[]> = (name) =>
    lookup(name, { all: true, verbatim: true }),
): Promise<Address> {
  const name = bare(host)
  if (!network.hosts.some((allowed) => bare(allowed) === name)) throw errors.SOURCE_ADDRESS_REFUSED({ host })
  const found = await resolve(name).catch(() => [])
  const [first] = found
  if (first === undefined) throw errors.SOURCE_NAME_UNRESOLVED({ host })
  if (found.some(({ address }) => !isAllowed(address, network))) throw errors.SOURCE_ADDRESS_REFUSED({ host })
  return { host: name, port, address: first.address, family: first.family === 6 ? 6 : 4 }
}

/** Whether we may connect to the address: public, or of a permitted network. */
export function isAllowed(address: string, { permitted }: Pick<Network, 'permitted'>): boolean {
  const plain = unmapped(address)
  const family = isIP(plain)
  if (family === 0) return false
  const type = family === 6 ? 'ipv6' : 'ipv4'
  return !internal.check(plain, type) || listOf(permitted).check(plain, type)
}

/** Whether it is a network in CIDR form, IPv4 or IPv6. */
export function isNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/')
  const family = isIP(address)
  return (
    family !== 0 &&
    more.length === 0 &&
    /^\d{1,3}$/.test(prefix ?? '') &&
    Number(prefix) <= (family === 6 ? 128 : 32)
  )
}

/** Brackets, letter case, the dot of the root and a zone do not make another host. */
function bare(host: string): string {
  return host
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase()
}

/** The IPv4 address inside an IPv4-mapped (`::ffff:`) or NAT64 (`64:ff9b::`) one. */
function unmapped(address: string): string {
  const [plain = ''] = address.toLowerCase().split('%')
  if (isIP(plain) !== 6) return plain
  // The address parser of URLs writes every spelling of an address in one form.
  const inner = /^\[(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(
    new URL(`http://[${plain}]`).hostname,
  )
  if (!inner) return plain
  const [high = 0, low = 0] = [inner[1], inner[2]].map((part) => parseInt(part ?? '0', 16))
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', prefix = ''] = network.split('/')
    list.addSubnet(address, Number(prefix), isIP(address) === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}

/** A look-up that answers the address already checked, for clients that insist on a name. */
export function pinned({ address, family }: Address): LookupFunction {
  return (_host, options, answer) => {
    if (options.all === true) answer(null, [{ address, family }])
    else answer(null, address, family)
  }
}

/** Opens and closes a plain connection. @throws CATALOG_SOURCE_UNREACHABLE */
export function reach({ host, port, address }: Address, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, signal })
    socket.once('connect', () => {
      socket.destroy()
      resolve()
    })
    socket.once('error', (error) => reject(errors.SOURCE_UNREACHABLE({ host, port, reason: codeOf(error) })))
  })
}
