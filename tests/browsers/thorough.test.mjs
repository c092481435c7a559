// Everything that a browser engine can break: make test-browsers.
import { runEverywhere } from './environment.mjs';
import { failures } from './jobs/failures.mjs';
import { frames } from './jobs/frames.mjs';
import { refusals } from './jobs/keeping.mjs';
import { workers } from './jobs/training.mjs';

runEverywhere([...workers, ...refusals, ...failures, ...frames]);
