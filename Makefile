# Every target sets up what it needs first (scripts in .ci/, caches in ~/.cache/agentwright or $CACHE).

.DEFAULT_GOAL := help
.PHONY: help run test check dev bench eval e2e faults schemathesis lighthouse measure-page fuzz test-model soak verify-heavy shots fmt clean

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

run: ## build for release and serve on http://127.0.0.1:8000, data in ./data
	@.ci/serve

test: ## every check and test, as continuous integration runs them
	@.ci/test

check: ## format, lints on both targets, documentation
	@.ci/check

dev: ## serve a debug build and rebuild on every change
	@.ci/dev

bench: ## measure, and print the table of README.md
	@.ci/bench

eval: ## score the interview on sample cases (CASES=folder for others)
	@.ci/eval

e2e: ## the browser tests alone
	@.ci/e2e

faults: ## break everything around the server, and write docs/reliability.md
	@.ci/faults

schemathesis: ## try every operation of the API document (SCHEMATHESIS_EXAMPLES=200 for longer)
	@.ci/schemathesis

lighthouse: ## Lighthouse's scores of every page (PERFORMANCE=95 holds that one to its bar, too)
	@.ci/lighthouse

measure-page: ## measure the page with 500 steps and with 400 turns (STRICT=1 holds it to its bars)
	@.ci/measure-page

fuzz: ## ten minutes of odd bytes for whatever reads them (MINUTES=n for more)
	@.ci/fuzz $(or $(MINUTES),10)

test-model: ## interviews with a small real model on this machine (MODEL=file.gguf for another)
	@.ci/test-model

soak: ## an hour of mixed work: nothing may grow (MINUTES=n for less)
	@.ci/soak $(or $(MINUTES),60)

verify-heavy: ## load every platform's files with every loader, the large ones too (gigabytes, once)
	@.ci/verify-heavy

shots: ## a contact sheet of every page and state in both themes, into end2end/shots/
	@.ci/shots

fmt: ## format the code
	@cargo fmt

clean: ## remove what was built; the tools and ./data stay
	@.ci/clean
