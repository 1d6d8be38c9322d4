import { defineSubscriber, type Subscriber } from '../../core/events.ts'
import * as cases from './case.repository.ts'
import { handOver } from './decision.service.ts'
import { settle } from './settle.service.ts'

/** What other modules' facts do to a case. Each does nothing the second time: the case says where it stands. */
export const subscribers: readonly Subscriber[] = [
  defineSubscriber({
    name: 'service.apply-due-clock',
    event: 'clock.due',
    run: (ctx, { payload }) => settle(ctx, payload.caseId),
  }),
  defineSubscriber({
    name: 'service.end-suspension',
    event: 'clock.span-ended',
    run: (ctx, { payload }) => settle(ctx, payload.caseId),
  }),
  defineSubscriber({
    name: 'service.deliver-by-download',
    event: 'certificate.downloaded',
    async run(ctx, { payload }) {
      const file = payload.byHolder ? await cases.find(ctx, payload.caseId) : undefined
      if (file?.status === 'decided') await handOver(ctx, file.id, 'download')
    },
  }),
]
