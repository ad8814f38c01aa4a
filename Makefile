PYTHON ?= python3
DEV = exec $(PYTHON) -m dev

.DEFAULT_GOAL := help
.PHONY: help run test lint lint-fix i18n fuzz bench dist clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile
	@echo "Environment: PORT, ODOO_BIN, DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME, WKHTMLTOPDF, TESTS"

run: ## start a seeded Odoo with this add-on (Ctrl-C stops it)
	@$(DEV) run

test: ## run everything that has to pass: lint, unit tests, Odoo tests, install cycle
	@$(DEV) test

lint: ## check style and static rules only
	@$(DEV) lint

lint-fix: ## repair what linters can repair
	@$(DEV) lint --fix

i18n: ## bring the translation template and the Chinese translation up to date
	@$(DEV) i18n

fuzz: ## run the unit tests with many random inputs (CLIENT_HUB_FUZZ=20000)
	@$(DEV) fuzz

bench: ## measure speed
	@$(DEV) bench

dist: ## build the installable ZIP in dist/
	@$(DEV) dist

clean: ## stop the private database and remove .dev/ and dist/
	@$(DEV) clean
