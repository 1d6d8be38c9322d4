import './tokens.css'
import './window.css'
import './forms.css'
import './content.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Portal } from './Portal.tsx'

createRoot(document.getElementById('portal')!).render(
  <StrictMode>
    <Portal />
  </StrictMode>,
)
