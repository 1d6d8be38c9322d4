import { expect } from 'chai'
import { isAllowed, resolveAddress } from '../../core/plane/connectors/network.ts'
import { refusal } from '../support/refusal.ts'

const INTERNAL = [
  '127.0.0.1',
  '127.8.9.10',
  '0.0.0.0',
  '10.1.2.3',
  '172.31.255.255',
  '192.168.0.1',
  '100.100.100.200',
  '169.254.169.254',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '0:0:0:0:0:ffff:0a01:0203',
  '64:ff9b::169.254.169.254',
  '2002:7f00:1::',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'ff02::1',
]

describe('where a source may lead (section 4, outbound limits)', () => {
  it('refuses loopback, private, link-local, metadata and multicast in every form', () => {
    expect(INTERNAL.filter((address) => isAllowed(address, { permitted: [] }))).to.deep.equal([])
  })

  it('lets public addresses through', () => {
    const open = ['8.8.8.8', '172.32.0.1', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8', '2400:3200::1']

    expect(open.filter((address) => !isAllowed(address, { permitted: [] }))).to.deep.equal([])
  })

  it('lets an internal address through only where its own network is permitted', () => {
    const permitted = ['10.1.0.0/16', 'fd00:1::/32']

    expect(isAllowed('10.1.2.3', { permitted })).to.equal(true)
    expect(isAllowed('::ffff:10.1.2.3', { permitted })).to.equal(true)
    expect(isAllowed('fd00:1::7', { permitted })).to.equal(true)
    expect(isAllowed('10.2.0.1', { permitted })).to.equal(false)
    expect(isAllowed('127.0.0.1', { permitted })).to.equal(false)
  })

  it('refuses a host that is not on the list, before it is looked up', async () => {
    let lookedUp = 0
    const look = () => {
      lookedUp += 1
      return Promise.resolve([{ address: '8.8.8.8', family: 4 }])
    }

    const { code } = await refusal(
      resolveAddress('elsewhere.example', 443, { hosts: ['db.example'], permitted: [] }, look),
    )

    expect(code).to.equal('CATALOG_SOURCE_ADDRESS_REFUSED')
    expect(lookedUp).to.equal(0)
  })

  it('refuses a name when any of its addresses is internal', async () => {
    const look = () =>
      Promise.resolve([
        { address: '8.8.8.8', family: 4 },
        { address: '::ffff:10.0.0.1', family: 6 },
      ])

    const { code, kind } = await refusal(
      resolveAddress('db.example', 443, { hosts: ['db.example'], permitted: [] }, look),
    )

    expect([code, kind]).to.deep.equal(['CATALOG_SOURCE_ADDRESS_REFUSED', 'forbidden'])
  })

  it('refuses the spellings of loopback that only a resolver understands', async () => {
    for (const host of ['0x7f.1', '2130706433', '127.1', 'localhost', '[::1]', 'LOCALHOST.']) {
      const { code } = await refusal(resolveAddress(host, 80, { hosts: [host], permitted: [] }))
      expect(code, host).to.be.oneOf(['CATALOG_SOURCE_ADDRESS_REFUSED', 'CATALOG_SOURCE_NAME_UNRESOLVED'])
    }
  })

  it('answers the address that was looked at, for the connection to use', async () => {
    const network = { hosts: ['db.example'], permitted: [] }
    const look = () => Promise.resolve([{ address: '8.8.4.4', family: 4 }])

    expect(await resolveAddress('DB.example.', 5432, network, look)).to.deep.equal({
      host: 'db.example',
      port: 5432,
      address: '8.8.4.4',
      family: 4,
    })
  })
})
