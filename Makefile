PYTHON ?= python3
DEV = exec $(PYTHON) -m dev

.DEFAULT_GOAL := help
.PHONY: help run test lint fuzz bench dist clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-6s %s\n", $$1, $$2}' Makefile
	@echo "Environment: PORT, ODOO_BIN, DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME, WKHTMLTOPDF"

run: ## start a seeded Odoo with this add-on (Ctrl-C stops it)
	@$(DEV) run

test: ## run everything that has to pass: lint, unit tests, Odoo tests, install cycle
	@$(DEV) test

lint: ## check style and static rules only
	@$(DEV) lint

fuzz: ## run the unit tests with many random inputs (CLIENT_HUB_FUZZ=20000)
	@$(DEV) fuzz

bench: ## measure speed
	@$(DEV) bench

dist: ## build the installable ZIP in dist/
	@$(DEV) dist

clean: ## stop the private database and remove .dev/ and dist/
	@$(DEV) clean
