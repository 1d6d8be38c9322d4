import { end } from './end.ts'

// What is to be ended names itself: a test that opens no world loads none of the platform.
after(end)
