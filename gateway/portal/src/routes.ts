import { lazy, type ComponentType, type LazyExoticComponent } from 'react'
import { match } from './router.tsx'

export interface Route {
  readonly pattern: string
  readonly area: 'window' | 'staff'
  /** Anyone may open it; elsewhere a person signs in first. */
  readonly open?: boolean
  readonly Page: LazyExoticComponent<ComponentType<Record<string, string>>>
}

type Loaded = Promise<Record<string, unknown>>

/** `name` is the page's export; the page receives the parts of its address as props. */
function page(pattern: string, area: Route['area'], name: string, load: () => Loaded, open = false): Route {
  const Page = lazy(async () => ({
    default: (await load())[name] as ComponentType<Record<string, string>>,
  }))
  return { pattern, area, open, Page }
}

export const routes: readonly Route[] = [
  page('/', 'window', 'Home', () => import('./pages/service/Home.tsx'), true),
  page('/services', 'window', 'Services', () => import('./pages/service/Services.tsx'), true),
  page('/services/:id', 'window', 'Service', () => import('./pages/service/Service.tsx'), true),
  page('/services/:id/check', 'window', 'Precheck', () => import('./pages/service/Precheck.tsx'), true),
  page('/applications', 'window', 'MyApplications', () => import('./pages/service/MyApplications.tsx')),
  page('/applications/:id', 'window', 'Application', () => import('./pages/service/Application.tsx')),
  page(
    '/applications/:id/form',
    'window',
    'ApplicationForm',
    () => import('./pages/service/ApplicationForm.tsx'),
  ),
  page('/applications/:id/materials', 'window', 'Materials', () => import('./pages/service/Materials.tsx')),
  page('/applications/:id/check', 'window', 'CheckAnswers', () => import('./pages/service/CheckAnswers.tsx')),
  page('/applications/:id/receipt', 'window', 'Receipt', () => import('./pages/service/Receipt.tsx')),
  page('/cases/:id', 'window', 'CasePage', () => import('./pages/service/CasePage.tsx')),
  page('/cases/:id/correct', 'window', 'Correction', () => import('./pages/service/Correction.tsx')),
  page('/open-data', 'window', 'OpenResources', () => import('./pages/catalog/OpenResources.tsx'), true),
  page('/verify', 'window', 'Verify', () => import('./pages/certificate/Verify.tsx'), true),
  page('/signin', 'window', 'SignIn', () => import('./pages/organisation/SignIn.tsx'), true),

  page('/desk', 'staff', 'TaskDesk', () => import('./pages/workflows/TaskDesk.tsx')),
  page('/desk/tasks/:id', 'staff', 'TaskPage', () => import('./pages/workflows/TaskPage.tsx')),
  page('/desk/absences', 'staff', 'Absences', () => import('./pages/organisation/Absences.tsx')),
  page('/desk/cases', 'staff', 'Cases', () => import('./pages/service/Cases.tsx')),
  page('/desk/cases/:id', 'staff', 'CaseFile', () => import('./pages/service/CaseFile.tsx')),
  page('/data', 'staff', 'Datasets', () => import('./pages/catalog/Datasets.tsx')),
  page('/data/datasets/:id', 'staff', 'Dataset', () => import('./pages/catalog/Dataset.tsx')),
  page('/data/sources', 'staff', 'Sources', () => import('./pages/catalog/Sources.tsx')),
  page('/data/sources/:id', 'staff', 'Source', () => import('./pages/catalog/Source.tsx')),
  page('/data/batches/:id', 'staff', 'Batch', () => import('./pages/ingest/Batch.tsx')),
  page('/data/batches/:id/quarantine', 'staff', 'Workbench', () => import('./pages/ingest/Workbench.tsx')),
  page('/data/quarantine', 'staff', 'Quarantines', () => import('./pages/ingest/Quarantines.tsx')),
  page('/data/datasets/:id/versions', 'staff', 'Versions', () => import('./pages/catalog/Versions.tsx')),
  page('/data/corrections', 'staff', 'Corrections', () => import('./pages/golden/Corrections.tsx')),
  page('/data/datasets/:id/lineage', 'staff', 'Lineage', () => import('./pages/catalog/Lineage.tsx')),
  page('/data/reviews', 'staff', 'Reviews', () => import('./pages/golden/Reviews.tsx')),
  page('/data/reviews/:dataset/:row/:id', 'staff', 'Review', () => import('./pages/golden/Review.tsx')),
  page('/catalogue', 'staff', 'Catalogue', () => import('./pages/golden/Catalogue.tsx')),
  page(
    '/catalogue/:id',
    'staff',
    'OrganisationRecord',
    () => import('./pages/golden/OrganisationRecord.tsx'),
  ),
  page(
    '/catalogue/:id/fields/:field',
    'staff',
    'FieldLineage',
    () => import('./pages/golden/FieldLineage.tsx'),
  ),
  page('/directory', 'staff', 'Directory', () => import('./pages/catalog/Directory.tsx')),
  page('/directory/desk', 'staff', 'EntryDesk', () => import('./pages/catalog/EntryDesk.tsx')),
  page('/directory/register', 'staff', 'RegisterEntry', () => import('./pages/catalog/RegisterEntry.tsx')),
  page('/directory/entries/:id', 'staff', 'Entry', () => import('./pages/catalog/Entry.tsx')),
  page('/directory/entries/:id/edit', 'staff', 'EditEntry', () => import('./pages/catalog/EditEntry.tsx')),
  page('/standards', 'staff', 'Schemas', () => import('./pages/standards/Schemas.tsx')),
  page('/standards/schemas/:code', 'staff', 'Schema', () => import('./pages/standards/Schema.tsx')),
  page(
    '/standards/schemas/:code/draft',
    'staff',
    'SchemaDraft',
    () => import('./pages/standards/SchemaDraft.tsx'),
  ),
  page('/standards/elements', 'staff', 'Elements', () => import('./pages/standards/Elements.tsx')),
  page('/standards/elements/:code', 'staff', 'Element', () => import('./pages/standards/Element.tsx')),
  page('/standards/code-lists', 'staff', 'CodeLists', () => import('./pages/standards/CodeLists.tsx')),
  page('/standards/code-lists/:id', 'staff', 'CodeList', () => import('./pages/standards/CodeList.tsx')),
  page(
    '/standards/code-lists/:id/diff',
    'staff',
    'CodeListDiff',
    () => import('./pages/standards/CodeListDiff.tsx'),
  ),
  page(
    '/standards/life/:kind/:code',
    'staff',
    'StandardLife',
    () => import('./pages/standards/StandardLife.tsx'),
  ),
  page(
    '/standards/import',
    'staff',
    'ImportStandards',
    () => import('./pages/standards/ImportStandards.tsx'),
  ),
  page('/insight', 'staff', 'Insights', () => import('./pages/insight/Insights.tsx')),
  page('/insight/:process', 'staff', 'Insight', () => import('./pages/insight/Insight.tsx')),
  page('/decisions', 'staff', 'Decisions', () => import('./pages/workflows/Decisions.tsx')),
  page('/decisions/:id/:name', 'staff', 'Decision', () => import('./pages/workflows/Decision.tsx')),
  page('/processes', 'staff', 'Processes', () => import('./pages/workflows/Processes.tsx')),
  page('/processes/instances', 'staff', 'Instances', () => import('./pages/workflows/Instances.tsx')),
  page('/processes/drafts/:id', 'staff', 'DraftEditor', () => import('./pages/workflows/DraftEditor.tsx')),
  page('/processes/drafts/:id/simulate', 'staff', 'Simulate', () => import('./pages/workflows/Simulate.tsx')),
  page(
    '/processes/drafts/:id/deploy',
    'staff',
    'DeployDraft',
    () => import('./pages/workflows/DeployDraft.tsx'),
  ),
  page(
    '/processes/compare/:before/:after',
    'staff',
    'Compare',
    () => import('./pages/workflows/Compare.tsx'),
  ),
  page('/processes/incidents', 'staff', 'Incidents', () => import('./pages/workflows/Incidents.tsx')),
  page('/processes/batches', 'staff', 'Batches', () => import('./pages/workflows/Batches.tsx')),
  page('/processes/batches/:id', 'staff', 'Batch', () => import('./pages/workflows/Batch.tsx')),
  page('/processes/archive', 'staff', 'Archive', () => import('./pages/workflows/Archive.tsx')),
  page('/processes/archive/:id', 'staff', 'Archived', () => import('./pages/workflows/Archived.tsx')),
  page('/processes/migrations/:id', 'staff', 'Migrations', () => import('./pages/workflows/Migrations.tsx')),
  page(
    '/processes/migrations/:key/:id',
    'staff',
    'Migration',
    () => import('./pages/workflows/Migration.tsx'),
  ),
  page('/processes/:id', 'staff', 'Process', () => import('./pages/workflows/Process.tsx')),
  page('/processes/instances/:id', 'staff', 'Instance', () => import('./pages/workflows/Instance.tsx')),
]

export const notFound = page('*', 'window', 'NotFound', () => import('./pages/NotFound.tsx'), true)

export function routeOf(path: string): { route: Route; params: Record<string, string> } {
  for (const route of routes) {
    const params = match(route.pattern, path)
    if (params) return { route, params }
  }
  return { route: notFound, params: {} }
}
