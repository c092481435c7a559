// What must work in every browser, as part of make test.
import { runEverywhere } from './environment.mjs';
import { keeping } from './jobs/keeping.mjs';
import { training } from './jobs/training.mjs';

runEverywhere([...training, ...keeping]);
