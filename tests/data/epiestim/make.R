# Writes reference.json: what EpiEstim answers on the data sets it ships.
#
#   apt-get install r-cran-epiestim r-cran-jsonlite
#   Rscript tests/data/epiestim/make.R > tests/data/epiestim/reference.json
#
# EpiEstim is GPL (>= 2).  Only numbers are stored here: the public incidence series, which come
# from the papers named below, and the estimates.  No code of EpiEstim is in this repository;
# the engine is written from Cori et al. 2013, doi:10.1093/aje/kwt133.
suppressWarnings(suppressMessages({library(EpiEstim); library(jsonlite)}))

# Mean and standard deviation of the serial interval (days) as given in Cori et al. 2013, table 1.
published <- list(
  Flu1918 = list(mean = 2.6, sd = 1.5, source = "Ferguson 2005, Frost 1919 (Baltimore 1918)"),
  Flu2009 = list(mean = 2.6, sd = 1.5, source = "Morgan 2010 (school, Pennsylvania 2009)"),
  SARS2003 = list(mean = 8.4, sd = 3.8, source = "Lipsitch 2003, Cori 2009 (Hong Kong 2003)"),
  Measles1861 = list(mean = 14.9, sd = 3.9, source = "Groendyke 2011 (Hagelloch 1861)"),
  Smallpox1972 = list(mean = 22.4, sd = 6.1, source = "Fenner 1988, Gani 2001 (Kosovo 1972)")
)

as_columns <- function(found) list(
  t_start = found$R$t_start, t_end = found$R$t_end, mean = found$R$`Mean(R)`,
  sd = found$R$`Std(R)`, q025 = found$R$`Quantile.0.025(R)`,
  median = found$R$`Median(R)`, q975 = found$R$`Quantile.0.975(R)`
)

one <- function(name) {
  store <- new.env()
  data(list = name, package = "EpiEstim", envir = store)
  set <- store[[name]]
  incidence <- if (is.data.frame(set$incidence)) set$incidence$I else set$incidence
  si <- published[[name]]
  parametric <- suppressMessages(suppressWarnings(estimate_R(incidence, method = "parametric_si",
    config = make_config(list(mean_si = si$mean, std_si = si$sd)))))
  given <- suppressMessages(suppressWarnings(estimate_R(incidence, method = "non_parametric_si",
    config = make_config(list(si_distr = set$si_distr)))))
  list(source = si$source, incidence = incidence, si_mean = si$mean, si_sd = si$sd,
    si_weights = discr_si(0:60, si$mean, si$sd), parametric = as_columns(parametric),
    si_given = set$si_distr, given = as_columns(given))
}

cat(toJSON(list(
  epiestim = as.character(packageVersion("EpiEstim")), r = R.version.string,
  licence = "EpiEstim is GPL (>= 2); only its numeric answers and public data are stored",
  sets = sapply(names(published), one, simplify = FALSE)
), digits = NA, auto_unbox = TRUE, na = "null"))
cat("\n")
